import type { EntityManager } from 'typeorm';
import { newId } from '../../common/ids.js';
import type { JsonObject } from '../../common/json.js';

/** Seconds for which a claim holds without a heartbeat. */
export const LEASE_SECONDS = 20;

export interface ClaimedJob {
  readonly type: string;
  readonly payload: JsonObject;
  readonly attempt: number;
  readonly maxAttempts: number;
  readonly wake: number;
}

export type ClaimAnswer =
  | { readonly kind: 'claimed'; readonly job: ClaimedJob }
  /** Nothing to do: unknown, done, dead or cancelled. */
  | { readonly kind: 'settled'; readonly state: string }
  /** Not due yet, or another attempt holds the lease; ask again after so many seconds. */
  | { readonly kind: 'wait'; readonly seconds: number };

interface JobState {
  readonly state: string;
  readonly type: string;
  readonly payload: JsonObject;
  readonly attempts: number;
  readonly maxAttempts: number;
  readonly wake: number;
  readonly waitSeconds: number;
}

/**
 * Takes the job for one attempt: ready and due, or running under a lease that ran out. Only the database's clock decides.
 * The number of attempts grows at the claim, so that work which kills its process cannot run for ever.
 */
export async function claimJob(manager: EntityManager, workspaceId: string, jobId: string, messageId: string | null): Promise<ClaimAnswer> {
  const [found] = await manager.query<JobState[]>(
    `SELECT state, type, payload, attempts, max_attempts AS "maxAttempts", wake,
            ceil(extract(epoch FROM CASE state WHEN 'running' THEN lease_until ELSE run_at END - now()))::int AS "waitSeconds"
     FROM background_job WHERE workspace_id = $1 AND id = $2 FOR UPDATE`,
    [workspaceId, jobId],
  );
  if (!found) return { kind: 'settled', state: 'unknown' };
  if (found.state !== 'queued' && found.state !== 'running') return { kind: 'settled', state: found.state };
  if (found.waitSeconds > 0) return { kind: 'wait', seconds: found.waitSeconds };
  const attempt = found.attempts + 1;
  await manager.query(
    `UPDATE background_job SET state = 'running', attempts = $3, lease_until = now() + make_interval(secs => $4), started_at = coalesce(started_at, now())
     WHERE workspace_id = $1 AND id = $2`,
    [workspaceId, jobId, attempt, LEASE_SECONDS],
  );
  await manager.query(
    `UPDATE job_attempt SET outcome = 'lost', error_code = 'WORKER_LOST', error_message = 'The process that ran this attempt is gone.', finished_at = now()
     WHERE workspace_id = $1 AND background_job_id = $2 AND outcome = 'running'`,
    [workspaceId, jobId],
  );
  await manager.query(
    'INSERT INTO job_attempt (id, workspace_id, background_job_id, number, message_id) VALUES ($1, $2, $3, $4, $5)',
    [newId(), workspaceId, jobId, attempt, messageId],
  );
  return { kind: 'claimed', job: { type: found.type, payload: found.payload, attempt, maxAttempts: found.maxAttempts, wake: found.wake } };
}

/** Keeps the claim for another lease; false when the attempt no longer owns the job. */
export async function extendLease(manager: EntityManager, workspaceId: string, jobId: string, attempt: number): Promise<boolean> {
  const [, count] = await manager.query<[unknown[], number]>(
    `UPDATE background_job SET lease_until = now() + make_interval(secs => $4) WHERE workspace_id = $1 AND id = $2 AND state = 'running' AND attempts = $3`,
    [workspaceId, jobId, attempt, LEASE_SECONDS],
  );
  return count > 0;
}
