import { randomUUID } from 'node:crypto';
import { DEMO } from './perch.js';
import type { TestDatabase } from './test-database.js';

/** A row of background_job as a test wants it; the rest is what a job that has ended well would have. */
export interface JobRow {
  readonly id?: string;
  readonly type?: string;
  readonly state?: string;
  readonly payload?: object;
  readonly errorMessage?: string;
  readonly dedupeKey?: string;
  readonly parentId?: string;
  readonly attempts?: number;
  /** Seconds before now. */
  readonly created?: number;
  readonly due?: number;
  readonly started?: number | null;
  readonly finished?: number | null;
}

const INSERT = `
INSERT INTO background_job (id, workspace_id, type, payload, state, error_message, dedupe_key, parent_id, attempts, fence, max_attempts, actor_type, published_at,
  created_at, run_at, claimed_at, started_at, finished_at)
SELECT r.id, $1, r.type, r.payload, r.state, r.error_message, r.dedupe_key, r.parent_id, r.attempts, r.attempts, greatest(1, r.attempts), 'system', now(),
  now() - make_interval(secs => r.created), now() - make_interval(secs => r.due), now() - make_interval(secs => r.started), now() - make_interval(secs => r.started),
  now() - make_interval(secs => r.finished)
FROM jsonb_to_recordset($2::jsonb) AS r (id uuid, type text, payload jsonb, state text, error_message text, dedupe_key text, parent_id uuid, attempts int,
  created float8, due float8, started float8, finished float8)`;

export async function demoWorkspace(database: TestDatabase): Promise<string> {
  return (await database.query<{ id: string }>("SELECT id FROM workspace WHERE slug = 'demo'"))[0]!.id;
}

/** Writes the rows and returns their ids in order. */
export async function insertJobRows(database: TestDatabase, workspaceId: string, rows: readonly JobRow[]): Promise<string[]> {
  const complete = rows.map((row) => ({
    id: row.id ?? randomUUID(), type: row.type ?? 'planted', payload: row.payload ?? {}, state: row.state ?? 'done', error_message: row.errorMessage ?? null,
    dedupe_key: row.dedupeKey ?? null, parent_id: row.parentId ?? null, attempts: row.attempts ?? 1,
    created: row.created ?? 60, due: row.due ?? row.created ?? 60, started: row.started === undefined ? 50 : row.started, finished: row.finished === undefined ? 40 : row.finished,
  }));
  await database.query(INSERT, [workspaceId, JSON.stringify(complete)]);
  return complete.map(({ id }) => id);
}

/** Adds somebody with the password of the demo login; a workspace of their own where none is given. */
export async function addMember(database: TestDatabase, role: string, workspaceId?: string): Promise<{ email: string; workspaceId: string }> {
  const [user, workspace] = [randomUUID(), workspaceId ?? randomUUID()];
  const email = `${role}-${user.slice(0, 8)}@example.com`;
  if (!workspaceId) await database.query("INSERT INTO workspace (id, slug, name) VALUES ($1, $2, 'Other')", [workspace, `other-${user.slice(0, 8)}`]);
  await database.query('INSERT INTO user_account (id, email, display_name, password_hash) SELECT $1, $2, $2, password_hash FROM user_account WHERE email = $3', [user, email, DEMO.email]);
  await database.query('INSERT INTO membership (id, workspace_id, user_id, role) VALUES ($1, $2, $3, $4)', [randomUUID(), workspace, user, role]);
  return { email, workspaceId: workspace };
}
