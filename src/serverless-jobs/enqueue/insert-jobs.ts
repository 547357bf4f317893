import type { EntityManager } from 'typeorm';
import type { RequestContext } from '../../common/request-context.js';
import type { JobDefinition } from '../definition/define-job.js';
import { WAKING_COLUMNS, type WakingJob } from '../outbox/wake-up.js';
import type { NewJob } from './new-job.js';

const ROWS_AT_ONCE = 1_000;

const INSERT = `
INSERT INTO background_job (id, workspace_id, type, kind, definition_version, payload, subject_type, subject_id, dedupe_key, debounce_key, concurrency_key, rate_key,
  priority, run_at, max_attempts, parent_id, parent_step, actor_type, actor_id, traceparent, published_at)
SELECT n.id, $1, $2, $3, $4, n.payload, n.subject_type, n.subject_id, n.dedupe_key, n.debounce_key, n.concurrency_key, n.rate_key,
  n.priority, coalesce(n.at, now() + make_interval(secs => n.delay / 1000)), n.max_attempts, n.parent_id, n.parent_step, $5, $6, $7, CASE WHEN $8 THEN now() END
FROM unnest($9::uuid[], $10::jsonb[], $11::text[], $12::uuid[], $13::text[], $14::text[], $15::text[], $16::text[], $17::smallint[], $18::timestamptz[],
  $19::double precision[], $20::int[], $21::uuid[], $22::text[])
  AS n (id, payload, subject_type, subject_id, dedupe_key, debounce_key, concurrency_key, rate_key, priority, at, delay, max_attempts, parent_id, parent_step)`;

const SKIP_KNOWN = 'ON CONFLICT (workspace_id, type, dedupe_key) WHERE dedupe_key IS NOT NULL DO NOTHING';

/** A repetition replaces the payload and waits anew, but never longer than the rule's longest wait after the first. */
const REPLACE_WAITING = `
ON CONFLICT (workspace_id, type, debounce_key) WHERE debounce_key IS NOT NULL AND state = 'queued' AND fence = 0
DO UPDATE SET payload = excluded.payload, wake = background_job.wake + 1, published_at = NULL,
  run_at = least(excluded.run_at, background_job.created_at + make_interval(secs => $23::double precision / 1000))`;

export interface InsertOptions {
  /** Whether other calls than one a job announce them. */
  readonly published: boolean;
  readonly traceparent: string | null;
}

/** Writes the rows in the caller's transaction. Returns those that were written; the others have a dedupe key that is taken. */
export async function insertJobs(manager: EntityManager, context: RequestContext, definition: JobDefinition, jobs: readonly NewJob[], { published, traceparent }: InsertOptions): Promise<WakingJob[]> {
  const written: WakingJob[] = [];
  const { debounce } = definition;
  const ending = debounce ? [REPLACE_WAITING, [debounce.maxWait ?? debounce.wait * 10]] as const : [SKIP_KNOWN, []] as const;
  for (let start = 0; start < jobs.length; start += ROWS_AT_ONCE) {
    const rows = jobs.slice(start, start + ROWS_AT_ONCE);
    const column = <Key extends keyof NewJob>(key: Key): NewJob[Key][] => rows.map((row) => row[key]);
    const values = [
      context.workspace, definition.name, definition.kind, definition.version, context.actor.type, context.actor.id, traceparent, published,
      column('id'), column('payload'), column('subjectType'), column('subjectId'), column('dedupeKey'), column('debounceKey'), column('concurrencyKey'), column('rateKey'),
      column('priority'), column('at'), column('delay'), column('maxAttempts'), column('parentId'), column('parentStep'), ...ending[1],
    ];
    written.push(...await manager.query<WakingJob[]>(`${INSERT} ${ending[0]} RETURNING ${WAKING_COLUMNS}`, values));
  }
  return written;
}

/** The ids of the jobs that hold the dedupe keys, by key. */
export async function findByDedupeKey(manager: EntityManager, context: RequestContext, type: string, keys: readonly string[]): Promise<Map<string, string>> {
  const rows = await manager.query<{ id: string; key: string }[]>(
    'SELECT id, dedupe_key AS key FROM background_job WHERE workspace_id = $1 AND type = $2 AND dedupe_key = ANY ($3)', [context.workspace, type, keys]);
  return new Map(rows.map(({ id, key }) => [key, id]));
}
