import type { EntityManager } from 'typeorm';
import type { JobDefinition, RateRule } from '../definition/define-job.js';
import { WAKING_COLUMNS, type WakingJob } from '../outbox/wake-up.js';

/** A job that asks to be begun, with the keys that may hold it back. */
export interface Applicant {
  readonly id: string;
  readonly workspaceId: string;
  readonly concurrencyKey: string | null;
  readonly rateKey: string | null;
  /** The start that it has been given before, if any. */
  readonly hasSlot: boolean;
}

/** Whether a job may begin, must wait for another one to end, or for its turn at a time in milliseconds from now. */
export type Admission = { readonly kind: 'go' } | { readonly kind: 'parked' } | { readonly kind: 'later'; readonly delay: number };

const GO: Admission = { kind: 'go' };

/** Takes one start of the key (generic cell rate algorithm, ITU-T I.371): the milliseconds until it may be used. */
async function takeSlot(manager: EntityManager, workspaceId: string, key: string, { limit, period }: RateRule<unknown>): Promise<number> {
  const [row] = await manager.query<{ delay: number }[]>(
    `INSERT INTO job_rate AS r (workspace_id, key, next_at) VALUES ($1, $2, now() + make_interval(secs => $3))
     ON CONFLICT (workspace_id, key) DO UPDATE SET next_at = greatest(r.next_at, now()) + make_interval(secs => $3)
     RETURNING extract(epoch FROM next_at - make_interval(secs => $4) - now())::float8 * 1000 AS delay`,
    [workspaceId, key, period / limit / 1_000, period / 1_000],
  );
  return row!.delay;
}

/** Whether as many jobs of the key run as may. The lock makes two claims of one key wait for each other until the commit. */
async function isFull(manager: EntityManager, { id, workspaceId, concurrencyKey }: Applicant, limit: number): Promise<boolean> {
  await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`${workspaceId} ${concurrencyKey}`]);
  const [row] = await manager.query<{ count: number }[]>(
    `SELECT count(*)::int AS count FROM background_job
     WHERE workspace_id = $1 AND concurrency_key = $2 AND state = 'running' AND lease_until > now() AND id <> $3`, [workspaceId, concurrencyKey, id]);
  return row!.count >= limit;
}

/** Decides whether the job may begin now, inside the transaction that claims it. */
export async function admit(manager: EntityManager, job: Applicant, definition: JobDefinition): Promise<Admission> {
  if (job.concurrencyKey !== null && (await isFull(manager, job, definition.concurrency))) return { kind: 'parked' };
  if (job.rateKey === null || !definition.rate || job.hasSlot) return GO;
  const delay = await takeSlot(manager, job.workspaceId, job.rateKey, definition.rate);
  return delay <= 0 ? GO : { kind: 'later', delay };
}

/** Lets the first parked job of the key go on; called after one of them ended. Returns what is to be woken, if anything. */
export async function releaseParked(manager: EntityManager, workspaceId: string, key: string): Promise<WakingJob | null> {
  const [rows] = await manager.query<[WakingJob[], number]>(
    `UPDATE background_job SET parked = false, wake = wake + 1, published_at = NULL, run_at = least(run_at, now()) WHERE id = (
       SELECT id FROM background_job WHERE workspace_id = $1 AND concurrency_key = $2 AND state = 'queued' AND parked
       ORDER BY priority, run_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
     RETURNING ${WAKING_COLUMNS}`, [workspaceId, key]);
  return rows[0] ?? null;
}
