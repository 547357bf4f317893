import type { ReactNode } from 'react';
import type { TypeFigures } from '../../api/background-jobs.js';

const HOURS = 24;
const HOUR_MS = 3_600_000;
const [WIDTH, HEIGHT, STEP] = [120, 28, 5];

/** Jobs that ended in each of the last 24 hours as bars, the failed part of each below in red. The text beside it says the same. */
export function Sparkline({ buckets }: { buckets: TypeFigures['buckets'] }): ReactNode {
  const now = Math.floor(Date.now() / HOUR_MS);
  const byHour = new Map(buckets.map((bucket) => [now - Math.floor(new Date(bucket.at).getTime() / HOUR_MS), bucket]));
  const most = Math.max(1, ...buckets.map(({ finished }) => finished));
  const height = (count: number): number => (count === 0 ? 0 : Math.max(1.5, (count / most) * HEIGHT));
  return (
    <svg className="sparkline" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} aria-hidden="true" focusable="false">
      <line x1="0" x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} />
      {Array.from({ length: HOURS }, (_, index) => {
        const bucket = byHour.get(HOURS - 1 - index);
        if (!bucket) return null;
        const [all, failed] = [height(bucket.finished), height(bucket.failed)];
        return (
          <g key={index}>
            <rect x={index * STEP} y={HEIGHT - all} width={STEP - 1} height={all} />
            {failed > 0 && <rect className="bad" x={index * STEP} y={HEIGHT - failed} width={STEP - 1} height={failed} />}
          </g>
        );
      })}
    </svg>
  );
}
