import type { EntityManager } from 'typeorm';
import type { RequestContext } from '../../common/request-context.js';
import type { Database } from '../../infrastructure/database/database.js';
import { plannedOnce } from '../../infrastructure/database/planned-statements.js';
import type { JobDefinition } from '../definition/define-job.js';
import { WAKING_COLUMNS, type WakingJob } from '../outbox/wake-up.js';
import { CLAIM_CHANGE, CLAIMED_COLUMNS, type ClaimedJob } from './claimed-job.js';
import { admit, type Admission } from './job-limits.js';

export interface ClaimRequest {
  readonly workspaceId: string;
  readonly jobId: string;
  /** The transport's id of the delivery; null where none led here. */
  readonly messageId: string | null;
}

export type ClaimAnswer =
  | { readonly kind: 'claimed'; readonly job: ClaimedJob }
  /** Nothing to do: unknown, ended, paused, or another attempt is at it. */
  | { readonly kind: 'settled' }
  /** Held back until another job of its concurrency key ends. */
  | { readonly kind: 'parked' }
  /** Its rate limit gave it a later start; the call for it is to be sent. */
  | { readonly kind: 'later'; readonly call: WakingJob }
  /** Not due yet, or the attempt that this very delivery began before may still live; ask again after so many seconds. */
  | { readonly kind: 'wait'; readonly seconds: number };

interface Found {
  readonly state: string;
  readonly type: string;
  readonly concurrencyKey: string | null;
  readonly rateKey: string | null;
  readonly hasSlot: boolean;
  readonly claimMessageId: string | null;
  readonly waitSeconds: number;
}

const FIND = plannedOnce(`
SELECT state, type, concurrency_key AS "concurrencyKey", rate_key AS "rateKey", rate_slot IS NOT NULL AS "hasSlot", claim_message_id AS "claimMessageId",
  ceil(extract(epoch FROM CASE state WHEN 'running' THEN lease_until ELSE run_at END - now()))::int AS "waitSeconds"
FROM background_job WHERE workspace_id = $1 AND id = $2 FOR UPDATE`);

const CLAIM_READY = plannedOnce(`
UPDATE background_job j SET ${CLAIM_CHANGE}, claim_message_id = $3
WHERE j.workspace_id = $1 AND j.id = $2 AND j.state IN ('queued', 'waiting') AND j.run_at <= now() AND j.concurrency_key IS NULL AND j.rate_key IS NULL
RETURNING ${CLAIMED_COLUMNS}`);

/** An attempt whose lease ran out is noted as lost in the statement that begins the next one. */
const CLAIM = plannedOnce(`
WITH lost AS (
  INSERT INTO job_attempt (id, workspace_id, background_job_id, number, outcome, error_code, error_message, message_id, started_at, finished_at)
  SELECT gen_random_uuid(), workspace_id, id, fence, 'lost', 'WORKER_LOST', 'The process that ran this attempt is gone.', claim_message_id, coalesce(claimed_at, now()), now()
  FROM background_job WHERE workspace_id = $1 AND id = $2 AND state = 'running')
UPDATE background_job j SET ${CLAIM_CHANGE}, claim_message_id = $3 WHERE j.workspace_id = $1 AND j.id = $2 RETURNING ${CLAIMED_COLUMNS}`);

/**
 * Takes a job that is ready and under no limit, in one statement; null for any other, of which `claimJob` knows more. The
 * statement's own row lock makes two deliveries take turns.
 */
export async function claimReady(database: Database, context: RequestContext, { workspaceId, jobId, messageId }: ClaimRequest): Promise<ClaimedJob | null> {
  const [job] = await database.statement<ClaimedJob>(context, CLAIM_READY, [workspaceId, jobId, messageId]);
  return job ?? null;
}

async function holdBack(manager: EntityManager, { workspaceId, jobId }: ClaimRequest, admission: Exclude<Admission, { kind: 'go' }>): Promise<ClaimAnswer> {
  if (admission.kind === 'parked') {
    await manager.query("UPDATE background_job SET parked = true, state = 'queued' WHERE workspace_id = $1 AND id = $2", [workspaceId, jobId]);
    return { kind: 'parked' };
  }
  const [rows] = await manager.query<[WakingJob[], number]>(
    `UPDATE background_job SET run_at = now() + make_interval(secs => $3), rate_slot = now() + make_interval(secs => $3), wake = wake + 1, published_at = NULL
     WHERE workspace_id = $1 AND id = $2 RETURNING ${WAKING_COLUMNS}`, [workspaceId, jobId, admission.delay / 1_000]);
  return { kind: 'later', call: rows[0]! };
}

/**
 * Takes the job for one attempt: ready and due, or running under a lease that ran out. Only the database's clock decides.
 * A delivery that finds somebody else at work is settled, because that attempt, or the sweep after it, sees to the rest.
 */
export async function claimJob(manager: EntityManager, request: ClaimRequest, definitionOf: (type: string) => JobDefinition | null): Promise<ClaimAnswer> {
  const { workspaceId, jobId, messageId } = request;
  const [found] = await manager.query<Found[]>(FIND, [workspaceId, jobId]);
  if (!found || !['queued', 'waiting', 'running'].includes(found.state)) return { kind: 'settled' };
  if (found.waitSeconds > 0) {
    const redelivered = messageId !== null && messageId === found.claimMessageId;
    return found.state === 'queued' || redelivered ? { kind: 'wait', seconds: found.waitSeconds } : { kind: 'settled' };
  }
  const definition = definitionOf(found.type);
  if (definition && found.state !== 'running') {
    const admission = await admit(manager, { id: jobId, workspaceId, ...found }, definition);
    if (admission.kind !== 'go') return holdBack(manager, request, admission);
  }
  const [rows] = await manager.query<[ClaimedJob[], number]>(CLAIM, [workspaceId, jobId, messageId]);
  return { kind: 'claimed', job: rows[0]! };
}
