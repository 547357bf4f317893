import { useMemo, type ReactNode } from 'react';
import type { TimelineEntry } from '../../api/background-jobs.js';
import { outcomeWords } from '../../components/analysis-state.js';
import { duration, second } from '../../components/format.js';

interface Bar {
  readonly entry: TimelineEntry;
  /** Where it begins and how long it is, in hundredths of the whole. */
  readonly left: number;
  readonly width: number;
  readonly length: number;
}

function barsOf(entries: readonly TimelineEntry[], now: number): Bar[] {
  const times = entries.flatMap(({ startedAt, finishedAt }) => [new Date(startedAt).getTime(), finishedAt === null ? now : new Date(finishedAt).getTime()]);
  const [begin, end] = [Math.min(...times), Math.max(...times)];
  const whole = Math.max(1, end - begin);
  return entries.map((entry) => {
    const from = new Date(entry.startedAt).getTime();
    const to = Math.max(from, entry.finishedAt === null ? now : new Date(entry.finishedAt).getTime());
    return { entry, left: ((from - begin) / whole) * 100, width: ((to - from) / whole) * 100, length: to - from };
  });
}

const toneOf = ({ kind, outcome }: TimelineEntry): string => (kind === 'WAIT' ? 'wait' : outcome ?? 'moment');

/** All that happened as a waterfall, which is a table: every bar stands beside its times. */
export function Timeline({ entries, at }: { entries: readonly TimelineEntry[]; at: number }): ReactNode {
  const bars = useMemo(() => barsOf(entries, at), [entries, at]);
  return (
    <div className="table-scroll timeline" role="region" aria-label="Timeline" tabIndex={0}>
      <table>
        <thead><tr><th scope="col">What</th><th scope="col">When</th><th scope="col" className="number">Took</th><th scope="col" className="bars"><span className="visually-hidden">Drawn</span></th></tr></thead>
        <tbody>
          {bars.map(({ entry, left, width, length }, index) => (
            <tr key={index} className={`entry-${entry.kind.toLowerCase()}`}>
              <th scope="row">{entry.label}{entry.outcome && (entry.kind === 'ATTEMPT' || entry.kind === 'STEP') && <small>{outcomeWords(entry.outcome)}</small>}</th>
              <td className="when">{second(entry.startedAt)}</td>
              <td className="number">{entry.kind === 'CREATED' || entry.kind === 'END' ? '' : entry.finishedAt === null ? `${duration(length)} so far` : duration(length)}</td>
              <td className="bars" aria-hidden="true"><div className={`bar bar-${toneOf(entry)}`} style={{ marginLeft: `${Math.min(left, 99.4)}%`, width: `${width}%` }} /></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
