import type { JsonObject } from '../../common/json.js';

/** A job that this process holds: what its attempt needs to know. */
export interface ClaimedJob {
  readonly id: string;
  readonly workspaceId: string;
  readonly type: string;
  readonly payload: JsonObject;
  readonly definitionVersion: number;
  /** Number of this attempt since the last progress, 1 for the first. */
  readonly attempt: number;
  readonly maxAttempts: number;
  /** The fencing token: grows with each claim. */
  readonly fence: number;
  readonly cursor: JsonObject | null;
  readonly counters: JsonObject | null;
  readonly concurrencyKey: string | null;
  readonly parentId: string | null;
  readonly parentStep: string | null;
  readonly traceparent: string | null;
  /** Milliseconds between the time at which it was due and the claim. */
  readonly waited: number;
}

/** The columns of ClaimedJob, for a RETURNING list; `j` is background_job. */
export const CLAIMED_COLUMNS = `j.id, j.workspace_id AS "workspaceId", j.type, j.payload, j.definition_version AS "definitionVersion", j.attempts AS attempt, j.max_attempts AS "maxAttempts",
  j.fence, j.cursor, j.counters, j.concurrency_key AS "concurrencyKey", j.parent_id AS "parentId", j.parent_step AS "parentStep", j.traceparent,
  (extract(epoch FROM j.claimed_at - greatest(j.run_at, j.created_at)) * 1000)::float8 AS waited`;

/** Seconds for which a claim holds without a heartbeat. */
export const LEASE_SECONDS = 20;

/**
 * What a claim changes. The number of attempts grows here and not at the end, so that work which kills its process cannot
 * run for ever.
 */
export const CLAIM_CHANGE = `state = 'running', attempts = j.attempts + 1, fence = j.fence + 1, lease_until = now() + make_interval(secs => ${LEASE_SECONDS}),
  claimed_at = now(), started_at = coalesce(j.started_at, now()), rate_slot = NULL, parked = false, sweeps = 0`;
