import { useDeferredValue, useMemo } from 'react';
import { useSearchParams } from 'react-router';
import type { JobFilter } from '../../api/background-jobs.js';
import type { JobState } from '../../api/operations.js';
import { STATE_WORDS } from '../../components/analysis-state.js';

/** Spans that the list can be narrowed to, in hours. */
export const SPANS: readonly (readonly [string, string])[] = [['', 'Any time'], ['1', 'Last hour'], ['24', 'Last 24 hours'], ['168', 'Last 7 days']];
const MINUTE_MS = 60_000;

export interface JobFilterState {
  readonly filter: JobFilter;
  readonly state: JobState | null;
  readonly after: string | null;
  readonly isNarrow: boolean;
  value(name: 'type' | 'q' | 'hours'): string;
  /** The address of the list with this change; what is empty is left out, and it begins with the newest. */
  address(change: Readonly<Record<string, string>>): string;
  set(change: Readonly<Record<string, string>>): void;
}

const isState = (text: string | null): text is JobState => text !== null && text in STATE_WORDS;

/** The filter of the list as it stands in the address. */
export function useJobFilter(): JobFilterState {
  const [parameters, setParameters] = useSearchParams();
  const wanted = parameters.get('state');
  const state = isState(wanted) ? wanted : null;
  const [type, hours, text] = [parameters.get('type') ?? '', parameters.get('hours') ?? '', useDeferredValue(parameters.get('q') ?? '')];
  const filter = useMemo<JobFilter>(() => ({
    ...(state ? { states: [state] } : {}), ...(type ? { type } : {}), ...(text ? { text } : {}),
    // To the minute, so that the same filter is the same question for a while.
    ...(Number(hours) > 0 ? { createdAfter: new Date(Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS - Number(hours) * 60 * MINUTE_MS).toISOString() } : {}),
  }), [state, type, text, hours]);
  const changed = (change: Readonly<Record<string, string>>): URLSearchParams => {
    const next = new URLSearchParams(parameters);
    next.delete('after');
    for (const [name, value] of Object.entries(change)) {
      if (value === '') next.delete(name);
      else next.set(name, value);
    }
    return next;
  };
  return {
    filter, state, after: parameters.get('after'), isNarrow: type !== '' || text !== '' || hours !== '',
    value: (name) => parameters.get(name) ?? '',
    address: (change) => `/background-jobs?${changed(change).toString()}`,
    set: (change) => setParameters(changed(change), { replace: true }),
  };
}
