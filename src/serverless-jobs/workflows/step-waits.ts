import type { EntityManager } from 'typeorm';
import type { StepRow } from './step-row.js';
import type { RunKey } from './step-store.js';

/** A run that waits looks at itself at least so often, whatever it waits for. */
const LONGEST_SUSPENSION_MS = 86_400_000;
/** A child that another run or caller has enqueued does not tell this run when it ends, so it is looked at. */
const FOREIGN_CHILD_MS = 30_000;

/**
 * Events `e` that the waiting step `w` of the run `j` may take: sent after the run was created and before the wait is over,
 * and not taken by another step. The time of the event decides and not the time at which anybody looks.
 */
const TAKEABLE = `e.workspace_id = w.workspace_id AND e.name = w.event_name AND e.payload @> coalesce(w.match, '{}') AND e.at >= j.created_at AND e.at <= w.due_at
  AND NOT EXISTS (SELECT 1 FROM workflow_step o WHERE o.workspace_id = w.workspace_id AND o.background_job_id = w.background_job_id AND o.event_id = e.id)`;

const TAKE_EVENT = `
UPDATE workflow_step s SET state = 'done', event_id = found.id, result = found.payload, finished_at = clock_timestamp()
FROM (SELECT e.id, e.payload FROM workflow_step w JOIN background_job j ON j.workspace_id = w.workspace_id AND j.id = w.background_job_id JOIN workflow_event e ON ${TAKEABLE}
  WHERE w.workspace_id = $1 AND w.background_job_id = $2 AND w.name = $3 ORDER BY e.at, e.id LIMIT 1) found
WHERE s.workspace_id = $1 AND s.background_job_id = $2 AND s.name = $3 AND s.state = 'waiting' RETURNING s.name`;

const TAKE_TIME = `
UPDATE workflow_step SET state = 'done', result = CASE kind WHEN 'event' THEN 'null'::jsonb END, finished_at = clock_timestamp()
WHERE workspace_id = $1 AND background_job_id = $2 AND state = 'waiting' AND kind IN ('sleep', 'event') AND due_at <= now()`;

const ENDED = `c.id IS NULL OR c.state IN ('done', 'dead', 'discarded', 'cancelled')`;

const TAKE_CHILDREN = `
UPDATE workflow_step s SET state = CASE WHEN c.state = 'done' THEN 'done' ELSE 'failed' END, result = CASE WHEN c.state = 'done' THEN c.result END,
  error_code = CASE c.state WHEN 'done' THEN NULL WHEN 'cancelled' THEN 'CHILD_CANCELLED' ELSE coalesce(c.error_code, 'CHILD_GONE') END,
  error_message = CASE c.state WHEN 'done' THEN NULL WHEN 'cancelled' THEN 'It was cancelled.' ELSE coalesce(c.error_message, 'It is no longer there.') END, finished_at = clock_timestamp()
FROM (SELECT w.name, c.id, c.state, c.result, c.error_code, c.error_message FROM workflow_step w LEFT JOIN background_job c ON c.workspace_id = w.workspace_id AND c.id = w.child_id
  WHERE w.workspace_id = $1 AND w.background_job_id = $2 AND w.kind = 'child' AND w.state = 'waiting' AND (${ENDED})) c
WHERE s.workspace_id = $1 AND s.background_job_id = $2 AND s.name = c.name AND s.state = 'waiting'`;

const LOOK = `
SELECT coalesce(bool_or(w.state NOT IN ('waiting', 'retrying') OR w.due_at <= clock_timestamp() OR (w.kind = 'child' AND w.state = 'waiting' AND (${ENDED}))
    OR (w.kind = 'event' AND EXISTS (SELECT 1 FROM workflow_event e WHERE ${TAKEABLE}))), false) AS ready,
  min(CASE WHEN w.due_at IS NOT NULL THEN extract(epoch FROM w.due_at - clock_timestamp())::float8 * 1000 WHEN c.parent_id IS DISTINCT FROM j.id THEN ${FOREIGN_CHILD_MS} END) AS delay
FROM workflow_step w JOIN background_job j ON j.workspace_id = w.workspace_id AND j.id = w.background_job_id
LEFT JOIN background_job c ON c.workspace_id = w.workspace_id AND c.id = w.child_id
WHERE w.workspace_id = $1 AND w.background_job_id = $2 AND w.name = ANY ($3)`;

/** Whether a look at the waits of a run can change anything. */
export const needsSettling = (rows: readonly StepRow[]): boolean =>
  rows.some(({ state, kind, due }) => state === 'waiting' && (due || kind === 'event' || kind === 'child'));

/** Hands a stored event to the step that waits for it; false where there is none. Needs the lock of the event's name. */
export async function takeEvent(manager: EntityManager, { workspaceId, id }: RunKey, name: string): Promise<boolean> {
  const [rows] = await manager.query<[{ name: string }[], number]>(TAKE_EVENT, [workspaceId, id, name]);
  return rows.length > 0;
}

/** Ends the waits whose event, time or child has come: an event before the timeout that it beat. Needs the locks of the awaited events. */
export async function settleWaits(manager: EntityManager, run: RunKey, rows: readonly StepRow[]): Promise<void> {
  for (const { name, state, kind } of rows) if (state === 'waiting' && kind === 'event') await takeEvent(manager, run, name);
  await manager.query(TAKE_TIME, [run.workspaceId, run.id]);
  await manager.query(TAKE_CHILDREN, [run.workspaceId, run.id]);
}

/** The milliseconds for which the run has nothing to do while these steps wait; null where it has to go on at once. */
export async function restOfWaits(manager: EntityManager, { workspaceId, id }: RunKey, names: readonly string[]): Promise<number | null> {
  const [look] = await manager.query<{ ready: boolean; delay: number | null }[]>(LOOK, [workspaceId, id, names]);
  return look!.ready ? null : Math.min(LONGEST_SUSPENSION_MS, look!.delay ?? LONGEST_SUSPENSION_MS);
}
