import type { EntityManager } from 'typeorm';
import { CHUNK } from './retention-rules.js';

/** Bytes of a row besides the columns that are measured: header, ids, times and index entries, roughly. */
const ROW_BYTES = 250;

const sizeOf = (...columns: string[]): string => `${ROW_BYTES} + ${columns.map((column) => `coalesce(pg_column_size(${column}), 0)`).join(' + ')}`;
const SIZES = {
  background_job: sizeOf('payload', 'result', 'cursor', 'error_message'),
  job_log: sizeOf('message', 'data'),
  job_attempt: sizeOf('error_message'),
  workflow_step: sizeOf('result', 'match', 'error_message'),
  run_event: sizeOf('data'),
} as const;

const total = (table: keyof typeof SIZES, condition: string): string => `(SELECT coalesce(sum(${SIZES[table]}), 0) FROM ${table} WHERE ${condition})`;

/** The bytes that the job tables hold for a workspace, as they are stored. */
export async function historyBytes(manager: EntityManager, workspaceId: string): Promise<number> {
  const sums = (Object.keys(SIZES) as (keyof typeof SIZES)[]).map((table) => total(table, 'workspace_id = $1'));
  const [row] = await manager.query<{ bytes: number }[]>(`SELECT (${sums.join(' + ')})::float8 AS bytes`, [workspaceId]);
  return row!.bytes;
}

const FINISHED = `workspace_id = $1 AND state IN ('done', 'cancelled', 'discarded')`;

/** Lines of jobs that have ended, the oldest first. */
const DELETE_LOGS = `
WITH gone AS (
  DELETE FROM job_log WHERE ctid = ANY (ARRAY(
    SELECT l.ctid FROM job_log l JOIN background_job b ON b.id = l.background_job_id AND b.workspace_id = l.workspace_id
    WHERE l.workspace_id = $1 AND b.finished_at IS NOT NULL AND b.state <> 'dead' ORDER BY b.finished_at, l.fence, l.sequence LIMIT ${CHUNK}))
  RETURNING ${SIZES.job_log} AS bytes)
SELECT count(*)::int AS count, coalesce(sum(bytes), 0)::float8 AS bytes FROM gone`;

/** Jobs that have ended with all that hangs on them, the oldest first. Failed ones wait for a person and stay. */
const DELETE_JOBS = `
WITH old AS (SELECT id FROM background_job WHERE ${FINISHED} AND finished_at IS NOT NULL ORDER BY finished_at LIMIT ${CHUNK}),
parts AS (SELECT ${(['job_log', 'job_attempt', 'workflow_step', 'run_event'] as const).map((table) => total(table, 'workspace_id = $1 AND background_job_id IN (SELECT id FROM old)')).join(' + ')} AS bytes),
gone AS (DELETE FROM background_job WHERE id IN (SELECT id FROM old) AND ${FINISHED} RETURNING ${SIZES.background_job} AS bytes)
SELECT count(*)::int AS count, (coalesce(sum(gone.bytes), 0) + (SELECT bytes FROM parts))::float8 AS bytes FROM gone`;

export interface Freed {
  readonly count: number;
  readonly bytes: number;
}

/** Deletes the next lines, or jobs, and tells how much that freed; a count of 0 means that there is nothing left to delete. */
export async function deleteHistory(manager: EntityManager, what: 'logs' | 'jobs', workspaceId: string): Promise<Freed> {
  const [freed] = await manager.query<Freed[]>(what === 'logs' ? DELETE_LOGS : DELETE_JOBS, [workspaceId]);
  return freed!;
}
