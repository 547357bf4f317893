import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { HealthData } from '../../api/background-jobs.js';
import type { JobState } from '../../api/operations.js';
import { STATE_WORDS } from '../../components/analysis-state.js';
import { jobName, number } from '../../components/format.js';
import { SPANS, type JobFilterState } from './use-job-filter.js';

/** Search, type and time, beside the title. */
export function Filters({ filter, types }: { filter: JobFilterState; types: readonly string[] }): ReactNode {
  const chosen = filter.value('type');
  const known = chosen === '' || types.includes(chosen) ? types : [chosen, ...types];
  return (
    <>
      <input type="search" className="search" aria-label="Search background jobs" placeholder="Search errors and progress" maxLength={200} value={filter.value('q')}
        onChange={(event) => filter.set({ q: event.target.value })} />
      <select aria-label="Type" value={chosen} onChange={(event) => filter.set({ type: event.target.value })}>
        <option value="">Every type</option>
        {known.map((type) => <option key={type} value={type}>{jobName(type)}</option>)}
      </select>
      <select aria-label="Created" value={filter.value('hours')} onChange={(event) => filter.set({ hours: event.target.value })}>
        {SPANS.map(([value, label]) => <option key={value} value={value}>{label}</option>)}
      </select>
    </>
  );
}

/** One tab a state, with how many there are; states that are seldom are left out while they are empty. */
export function StateTabs({ counts, filter }: { counts: HealthData['backgroundJobCounts']; filter: JobFilterState }): ReactNode {
  const count = (state: JobState): number => counts.find((entry) => entry.state === state)?.count ?? 0;
  const always: readonly JobState[] = ['queued', 'running', 'done', 'dead'];
  const shown = (Object.keys(STATE_WORDS) as JobState[]).filter((state) => always.includes(state) || count(state) > 0 || state === filter.state);
  return (
    <nav className="tabs" aria-label="State">
      <Link to={filter.address({ state: '' })} aria-current={filter.state === null ? 'page' : undefined}>All</Link>
      {shown.map((state) => (
        <Link key={state} to={filter.address({ state })} aria-current={filter.state === state ? 'page' : undefined}>{STATE_WORDS[state]} <span className="count">{number(count(state))}</span></Link>
      ))}
    </nav>
  );
}
