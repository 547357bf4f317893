import type { JsonObject } from '../../common/json.js';
import type { RunEvent } from '../../common/run-events.js';
import type { BackgroundJobState } from '../entities/background-job.entity.js';

/** An event that waits to be stored; `text` is its data as JSON. */
export interface NewRunEvent {
  readonly kind: string;
  readonly text: string;
}

export interface StoredRow {
  readonly sequence: number;
  readonly at: Date;
}

/**
 * Stores events under the next numbers of the run. By itself checks, under the lock of the job's row, that the attempt owns
 * the run; otherwise it stores and returns nothing. It never waits for the lock: who holds it may be this attempt itself.
 */
export const APPEND = `
WITH owned AS MATERIALIZED (
  SELECT id FROM background_job WHERE workspace_id = $1 AND id = $2 AND state = 'running' AND fence = $3 FOR NO KEY UPDATE NOWAIT
)
INSERT INTO run_event (workspace_id, background_job_id, sequence, kind, data)
SELECT $1, o.id, (SELECT coalesce(max(sequence), 0) FROM run_event WHERE background_job_id = $2) + e.number, e.kind, e.data
FROM owned o CROSS JOIN unnest($4::text[], $5::jsonb[]) WITH ORDINALITY AS e (kind, data, number)
RETURNING sequence::float8 AS sequence, at`;

export const appendValues = (run: { workspaceId: string; id: string; fence: number }, events: readonly NewRunEvent[]): unknown[] =>
  [run.workspaceId, run.id, run.fence, events.map(({ kind }) => kind), events.map(({ text }) => text)];

/** State and events of a run at one moment; one row without event where there is none, no row where there is no such run. */
export const PAGE = `
SELECT b.state, e.sequence::float8 AS sequence, e.at, e.kind, e.data FROM background_job b
LEFT JOIN LATERAL (
  SELECT sequence, at, kind, data FROM run_event WHERE background_job_id = b.id AND sequence > $3 ORDER BY sequence LIMIT $4
) e ON true
WHERE b.workspace_id = $1 AND b.id = $2 ORDER BY e.sequence`;

export interface PageRow {
  readonly state: BackgroundJobState;
  readonly sequence: number | null;
  readonly at: Date;
  readonly kind: string;
  readonly data: JsonObject;
}

export const eventOf = ({ sequence, at }: StoredRow, kind: string, data: JsonObject): RunEvent => ({ sequence, at: at.toISOString(), kind, data });

/** States in which a run tells nothing more, unless somebody has it tried again. */
export const ENDED: ReadonlySet<BackgroundJobState> = new Set(['done', 'dead', 'cancelled', 'discarded']);
