import type { EntityManager } from 'typeorm';
import type { JsonObject } from '../../common/json.js';
import { plannedOnce } from '../../infrastructure/database/planned-statements.js';
import { WAKING_COLUMNS, type WakingJob } from '../outbox/wake-up.js';

/** How an attempt ended. Delays in milliseconds. */
export type JobEnd =
  | { readonly outcome: 'done'; readonly result: JsonObject }
  | { readonly outcome: 'retry'; readonly code: string; readonly message: string; readonly delay: number }
  | { readonly outcome: 'dead'; readonly code: string; readonly message: string }
  /** Made progress and goes on in another invocation at once. */
  | { readonly outcome: 'yielded' }
  /** Waits for an event or a time; looked at again after the delay at the latest. */
  | { readonly outcome: 'suspended'; readonly delay: number };

/** An attempt by the job and the fencing token that it holds. */
export interface AttemptKey {
  readonly workspaceId: string;
  readonly id: string;
  readonly fence: number;
}

const AGAIN = `wake = j.wake + 1, published_at = NULL, lease_until = NULL`;
const CHANGES: Readonly<Record<JobEnd['outcome'], string>> = {
  done: `state = 'done', result = $7::jsonb, progress_percent = 100, progress_message = NULL, finished_at = now(), error_code = NULL, error_message = NULL, lease_until = NULL`,
  retry: `state = 'queued', error_code = $5, error_message = $6, run_at = now() + make_interval(secs => $7::float8), ${AGAIN}`,
  dead: `state = 'dead', error_code = $5, error_message = $6, finished_at = now(), lease_until = NULL`,
  yielded: `state = 'queued', attempts = 0, error_code = NULL, error_message = NULL, run_at = now(), ${AGAIN}`,
  suspended: `state = 'waiting', attempts = 0, error_code = NULL, error_message = NULL, run_at = now() + make_interval(secs => $7::float8), ${AGAIN}`,
};

const NOTE = `INSERT INTO job_attempt (id, workspace_id, background_job_id, number, outcome, error_code, error_message, message_id, started_at, finished_at)
SELECT gen_random_uuid(), workspace_id, id, fence`;

const statement = (outcome: JobEnd['outcome']): string => plannedOnce(`
WITH ended AS (
  UPDATE background_job j SET ${CHANGES[outcome]} WHERE j.workspace_id = $1 AND j.id = $2 AND j.state = 'running' AND j.fence = $3
  RETURNING j.*
), noted AS (${NOTE}, $4, $5, $6, claim_message_id, claimed_at, clock_timestamp() FROM ended)
SELECT ${WAKING_COLUMNS} FROM ended`);

/**
 * Records the end of an attempt in the surrounding transaction; the condition on the fence is the row lock's, so that a
 * zombie changes nothing. Returns the job's new wake-up state, or null where the attempt no longer owns the job.
 */
export async function endAttempt(manager: EntityManager, key: AttemptKey, end: JobEnd): Promise<WakingJob | null> {
  const { sql, values } = endStatement(key, end);
  const [row] = await manager.query<WakingJob[]>(sql, values);
  return row ?? null;
}

/** The same as one statement with its values; it returns no row where the attempt no longer owns the job. */
export function endStatement(key: AttemptKey, end: JobEnd): { sql: string; values: unknown[] } {
  const failed = end.outcome === 'retry' || end.outcome === 'dead';
  const values: unknown[] = [key.workspaceId, key.id, key.fence, end.outcome, failed ? end.code : null, failed ? end.message : null];
  if (end.outcome === 'done') values.push(JSON.stringify(end.result));
  if (end.outcome === 'retry' || end.outcome === 'suspended') values.push(end.delay / 1_000);
  return { sql: statement(end.outcome), values };
}

export interface DoneJob extends AttemptKey {
  readonly result: JsonObject;
}

const END_MANY = plannedOnce(`
WITH ended AS (
  UPDATE background_job j SET state = 'done', result = d.result, progress_percent = 100, progress_message = NULL, finished_at = now(), error_code = NULL, error_message = NULL, lease_until = NULL
  FROM unnest($1::uuid[], $2::int[], $3::jsonb[]) AS d (id, fence, result) WHERE j.id = d.id AND j.fence = d.fence AND j.state = 'running' AND j.id = ANY ($1)
  RETURNING j.*
)
${NOTE}, 'done', NULL, NULL, claim_message_id, claimed_at, clock_timestamp() FROM ended`);

/** Records that many attempts are done, in one statement; those that no longer own their job change nothing. */
export async function endManyDone(manager: EntityManager, done: readonly DoneJob[]): Promise<void> {
  await manager.query(END_MANY, [done.map(({ id }) => id), done.map(({ fence }) => fence), done.map(({ result }) => JSON.stringify(result))]);
}
