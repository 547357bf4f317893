import type { EntityManager } from 'typeorm';
import { plannedOnce } from '../../infrastructure/database/planned-statements.js';
import { CLAIM_CHANGE, CLAIMED_COLUMNS, type ClaimedJob } from './claimed-job.js';

/** What a drain got: jobs that are claimed, and ids of others that a limit may hold back and that are claimed one by one. */
export interface DueJobs {
  readonly claimed: readonly ClaimedJob[];
  readonly limited: readonly { readonly workspaceId: string; readonly jobId: string }[];
}

/**
 * The workspaces that have ready work are found by skipping through the index, so that a backlog of one does not have to be
 * read; each gets an equal share of the claim, in an order that differs each time. `$2` milliseconds is how long a job must
 * have been due, so that a drain on the side leaves alone what its own call is about to begin.
 */
const TAKE = plannedOnce(`
WITH RECURSIVE tenant AS (
  SELECT (SELECT workspace_id FROM background_job WHERE state = 'queued' AND NOT parked ORDER BY workspace_id LIMIT 1) AS id
  UNION ALL
  SELECT (SELECT b.workspace_id FROM background_job b WHERE b.state = 'queued' AND NOT b.parked AND b.workspace_id > t.id ORDER BY b.workspace_id LIMIT 1)
  FROM tenant t WHERE t.id IS NOT NULL
), due AS (
  SELECT ready.id, ready.workspace_id, ready.free
  FROM (SELECT id FROM tenant WHERE id IS NOT NULL ORDER BY random()) t CROSS JOIN LATERAL (
    SELECT b.id, b.workspace_id, b.concurrency_key IS NULL AND b.rate_key IS NULL AS free FROM background_job b
    WHERE b.workspace_id = t.id AND b.state = 'queued' AND NOT b.parked AND greatest(b.run_at, coalesce(b.published_at, b.run_at)) <= now() - make_interval(secs => $2)
    ORDER BY b.priority, b.run_at, b.id LIMIT (SELECT greatest(1, $1 / greatest(1, count(id)))::int FROM tenant) FOR UPDATE SKIP LOCKED) ready
  LIMIT $1
), claimed AS (
  UPDATE background_job j SET ${CLAIM_CHANGE}, claim_message_id = NULL WHERE j.id = ANY (ARRAY(SELECT id FROM due WHERE free)) RETURNING ${CLAIMED_COLUMNS}
)
SELECT to_jsonb(claimed) AS job, NULL::uuid AS "workspaceId", NULL::uuid AS "jobId" FROM claimed
UNION ALL SELECT NULL, workspace_id, id FROM due WHERE NOT free`);

const GIVE_BACK = `
UPDATE background_job j SET state = 'queued', attempts = j.attempts - 1, lease_until = NULL
FROM unnest($1::uuid[], $2::int[]) AS g (id, fence) WHERE j.id = g.id AND j.fence = g.fence AND j.state = 'running'`;

interface Row {
  readonly job: ClaimedJob | null;
  readonly workspaceId: string;
  readonly jobId: string;
}

/** Claims up to `limit` due jobs of all workspaces. `overdue` is how many milliseconds they must have been due. */
export async function takeDueJobs(manager: EntityManager, limit: number, overdue: number): Promise<DueJobs> {
  const rows = await manager.query<Row[]>(TAKE, [limit, overdue / 1_000]);
  return {
    claimed: rows.flatMap(({ job }) => (job === null ? [] : [job])),
    limited: rows.flatMap(({ job, workspaceId, jobId }) => (job === null ? [{ workspaceId, jobId }] : [])),
  };
}

/** Lets go of claimed jobs that were not begun: they are queued as before, and the claim does not count as an attempt. */
export async function giveBackJobs(manager: EntityManager, jobs: readonly ClaimedJob[]): Promise<void> {
  await manager.query(GIVE_BACK, [jobs.map(({ id }) => id), jobs.map(({ fence }) => fence)]);
}
