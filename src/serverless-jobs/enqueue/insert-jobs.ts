import type { EntityManager } from 'typeorm';
import type { RequestContext } from '../../common/request-context.js';
import { plannedOnce } from '../../infrastructure/database/planned-statements.js';
import type { JobDefinition } from '../definition/define-job.js';
import { CLAIMED_COLUMNS, LEASE_SECONDS } from '../runner/claimed-job.js';
import { WAKING_COLUMNS, type WakingJob } from '../outbox/wake-up.js';
import type { NewJob } from './new-job.js';

const ROWS_AT_ONCE = 1_000;

const insertInto = (columns: string, values: string): string => plannedOnce(`
INSERT INTO background_job AS j (id, workspace_id, type, kind, definition_version, payload, subject_type, subject_id, dedupe_key, debounce_key, concurrency_key, rate_key,
  priority, run_at, max_attempts, parent_id, parent_step, actor_type, actor_id, traceparent, ${columns})
SELECT n.id, $1, $2, $3, $4, n.payload, n.subject_type, n.subject_id, n.dedupe_key, n.debounce_key, n.concurrency_key, n.rate_key,
  n.priority, coalesce(n.at, now() + make_interval(secs => n.delay / 1000)), n.max_attempts, n.parent_id, n.parent_step, $5, $6, $7, ${values}
FROM unnest($8::uuid[], $9::jsonb[], $10::text[], $11::uuid[], $12::text[], $13::text[], $14::text[], $15::text[], $16::smallint[], $17::timestamptz[],
  $18::double precision[], $19::int[], $20::uuid[], $21::text[])
  AS n (id, payload, subject_type, subject_id, dedupe_key, debounce_key, concurrency_key, rate_key, priority, at, delay, max_attempts, parent_id, parent_step)`);

const INSERT = { called: insertInto('published_at', 'NULL::timestamptz'), announced: insertInto('published_at', 'now()') } as const;
/** The lease begins when the row is written, which may be long after the beginning of its transaction. */
const INSERT_CLAIMED = insertInto('state, attempts, fence, lease_until, claimed_at, started_at',
  `'running', 1, 1, clock_timestamp() + make_interval(secs => ${LEASE_SECONDS}), clock_timestamp(), clock_timestamp()`);

const SKIP_KNOWN = 'ON CONFLICT (workspace_id, type, dedupe_key) WHERE dedupe_key IS NOT NULL DO NOTHING';

/** A repetition replaces the payload and waits anew, but never longer than the rule's longest wait after the first. */
const REPLACE_WAITING = `
ON CONFLICT (workspace_id, type, debounce_key) WHERE debounce_key IS NOT NULL AND state = 'queued' AND fence = 0
DO UPDATE SET payload = excluded.payload, wake = j.wake + 1, published_at = NULL,
  run_at = least(excluded.run_at, j.created_at + make_interval(secs => $22::double precision / 1000))`;

export interface InsertOptions {
  /** Whether each row is called by itself, or other calls announce them. */
  readonly how: keyof typeof INSERT;
  readonly traceparent: string | null;
}

/** Writes the rows in the caller's transaction. Returns those that were written; the others have a dedupe key that is taken. */
export async function insertJobs(manager: EntityManager, context: RequestContext, definition: JobDefinition, jobs: readonly NewJob[], { how, traceparent }: InsertOptions): Promise<WakingJob[]> {
  const written: WakingJob[] = [];
  const { debounce } = definition;
  const ending = debounce ? [REPLACE_WAITING, [debounce.maxWait ?? debounce.wait * 10]] as const : [SKIP_KNOWN, []] as const;
  for (let start = 0; start < jobs.length; start += ROWS_AT_ONCE) {
    const values = valuesOf(context, definition, jobs.slice(start, start + ROWS_AT_ONCE), traceparent);
    written.push(...await manager.query<WakingJob[]>(`${INSERT[how]} ${ending[0]} RETURNING ${WAKING_COLUMNS}`, [...values, ...ending[1]]));
  }
  return written;
}

/**
 * The statement that writes one job as claimed by this process, which has to run it after the commit. It returns the
 * ClaimedJob, or nothing where its dedupe key is taken.
 */
export const claimedInsert = (context: RequestContext, definition: JobDefinition, job: NewJob, traceparent: string | null): { sql: string; values: unknown[] } =>
  ({ sql: `${INSERT_CLAIMED} ${SKIP_KNOWN} RETURNING ${CLAIMED_COLUMNS}`, values: valuesOf(context, definition, [job], traceparent) });

function valuesOf(context: RequestContext, definition: JobDefinition, rows: readonly NewJob[], traceparent: string | null): unknown[] {
  const column = <Key extends keyof NewJob>(key: Key): NewJob[Key][] => rows.map((row) => row[key]);
  return [
    context.workspace, definition.name, definition.kind, definition.version, context.actor.type, context.actor.id, traceparent,
    column('id'), column('payload'), column('subjectType'), column('subjectId'), column('dedupeKey'), column('debounceKey'), column('concurrencyKey'), column('rateKey'),
    column('priority'), column('at'), column('delay'), column('maxAttempts'), column('parentId'), column('parentStep'),
  ];
}

/** The ids of the jobs that hold the dedupe keys, by key. */
export async function findByDedupeKey(manager: EntityManager, context: RequestContext, type: string, keys: readonly string[]): Promise<Map<string, string>> {
  const rows = await manager.query<{ id: string; key: string }[]>(
    'SELECT id, dedupe_key AS key FROM background_job WHERE workspace_id = $1 AND type = $2 AND dedupe_key = ANY ($3)', [context.workspace, type, keys]);
  return new Map(rows.map(({ id, key }) => [key, id]));
}
