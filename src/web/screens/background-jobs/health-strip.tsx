import type { ReactNode } from 'react';
import type { HealthData, TypeFigures } from '../../api/background-jobs.js';
import { duration, jobName, number, percent } from '../../components/format.js';
import { Sparkline } from './sparkline.js';

/** A job that waits longer than this has been forgotten rather than queued. */
const LATE_MS = 5 * 60_000;
const SHOWN = 4;

function Figure({ label, value, note, bad = false }: { label: string; value: string; note?: string | undefined; bad?: boolean }): ReactNode {
  return <div className={bad ? 'figure figure-bad' : 'figure'}><dt>{label}</dt><dd>{value}{note && <small>{note}</small>}</dd></div>;
}

function Type({ figures }: { figures: TypeFigures }): ReactNode {
  const { type, finished, failureRate, durationP95, buckets } = figures;
  return (
    <li>
      <h2>{jobName(type)}</h2>
      <Sparkline buckets={buckets} />
      <p className="quiet">{number(finished)} ended{failureRate > 0 && <>, <strong className="bad">{percent(failureRate)} failed</strong></>}</p>
      {durationP95 !== null && <p className="quiet">95 % within {duration(durationP95)}</p>}
    </li>
  );
}

/** How the queue stands, and what the last 24 hours were like. */
export function HealthStrip({ data }: { data: HealthData }): ReactNode {
  const { backgroundJobQueue: queue, backgroundJobStatistics: types } = data;
  const [finished, failed] = [types.reduce((sum, type) => sum + type.finished, 0), types.reduce((sum, type) => sum + type.failed, 0)];
  const later = [queue.later > 0 ? `${number(queue.later)} later` : '', queue.parked > 0 ? `${number(queue.parked)} held back` : ''].filter(Boolean).join(', ');
  const [first, rest] = [types.slice(0, SHOWN), types.slice(SHOWN)];
  return (
    <section className="card health" aria-label="Health">
      <dl className="figures">
        <Figure label="Due now" value={number(queue.due)} note={later} />
        <Figure label="Running" value={number(queue.running)} />
        <Figure label="Longest wait" value={queue.oldestDueAge === null ? 'None' : duration(queue.oldestDueAge)} bad={(queue.oldestDueAge ?? 0) > LATE_MS} />
        <Figure label="Failed, 24 hours" value={finished === 0 ? '–' : percent(failed / finished)} note={finished === 0 ? 'nothing ended' : `${number(failed)} / ${number(finished)}`} bad={failed > 0} />
      </dl>
      {first.length > 0 && <ul className="types">{first.map((figures) => <Type key={figures.type} figures={figures} />)}</ul>}
      {rest.length > 0 && (
        <details>
          <summary>{rest.length} more {rest.length === 1 ? 'type' : 'types'}</summary>
          <ul className="types">{rest.map((figures) => <Type key={figures.type} figures={figures} />)}</ul>
        </details>
      )}
    </section>
  );
}
