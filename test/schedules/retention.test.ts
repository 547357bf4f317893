import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AlertBench } from '../alerts/alert-bench.js';

describe('the clean-up', () => {
  let bench: AlertBench;

  beforeAll(async () => {
    bench = await AlertBench.open();
  });
  beforeEach(() => bench.database.query('DELETE FROM background_job'));
  afterAll(() => bench.close());

  const insert = (count: number, state: string, days: number, bytes = 10): Promise<object[]> => bench.database.query(
    `INSERT INTO background_job (id, workspace_id, type, payload, state, max_attempts, actor_type, finished_at, result)
     SELECT gen_random_uuid(), $1, 'old', '{}', $2, 1, 'system', now() - make_interval(days => $3) - make_interval(secs => n),
       jsonb_build_object('x', (SELECT string_agg(md5(random()::text || i), '') FROM generate_series(1, $4 / 32) i WHERE n > 0)) FROM generate_series(1, $5) n`,
    [bench.context.workspace, state, days, bytes, count]);
  const log = (): Promise<object[]> => bench.database.query(
    `INSERT INTO job_log (workspace_id, background_job_id, fence, sequence, at, level, message) SELECT workspace_id, id, 1, 1, now(), 'info', 'line' FROM background_job`);
  const count = async (table: string, condition = 'true'): Promise<number> => (await bench.database.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table} WHERE ${condition}`))[0]!.n;
  async function cleanUp(): Promise<Record<string, number>> {
    const [job] = await bench.database.query<{ id: string }>(
      `INSERT INTO background_job (id, workspace_id, type, payload, max_attempts, actor_type) VALUES (gen_random_uuid(), $1, 'cleanUpWorkspace', '{}', 3, 'system') RETURNING id`, [bench.context.workspace]);
    expect(await bench.deliver(job!.id)).toEqual({ kind: 'done' });
    const [row] = await bench.database.query<{ result: Record<string, number> }>('SELECT result FROM background_job WHERE id = $1', [job!.id]);
    return row!.result;
  }

  it('deletes by age, in chunks', async () => {
    await insert(2_300, 'done', 31);
    for (const [state, days] of [['done', 29], ['discarded', 31], ['dead', 179], ['dead', 181]] as const) await insert(1, state, days);
    expect(await cleanUp()).toMatchObject({ backgroundJobs: 2_301, failedJobs: 1 });
    expect(await count('background_job', "type = 'old'")).toBe(2);
  });

  it('keeps events that a live run may need', async () => {
    const event = "INSERT INTO workflow_event (id, workspace_id, name, payload, at) VALUES (gen_random_uuid(), $1, 'x', '{}', now() - interval '91 days')";
    await bench.database.query(event, [bench.context.workspace]);
    await bench.database.query(`INSERT INTO background_job (id, workspace_id, type, kind, payload, state, max_attempts, actor_type, created_at) VALUES (gen_random_uuid(), $1, 'run', 'workflow', '{}', 'waiting', 1, 'system', now() - interval '92 days')`, [bench.context.workspace]);
    await cleanUp();
    expect(await count('workflow_event')).toBe(1);
    await bench.database.query("DELETE FROM background_job WHERE type = 'run'");
    await cleanUp();
    expect(await count('workflow_event')).toBe(0);
  });

  it('deletes links that ended a month ago', async () => {
    await bench.database.query(`INSERT INTO approval (id, workspace_id, subject_type, subject_id, terms_hash, mode, required, due_at, requested_by)
      SELECT gen_random_uuid(), $1, 'offer', gen_random_uuid(), repeat('0', 64), 'serial', 1, now(), id FROM user_account LIMIT 1`, [bench.context.workspace]);
    await bench.database.query(`INSERT INTO approval_link (id, workspace_id, approval_id, user_id, terms_hash, token_hash, expires_at)
      SELECT gen_random_uuid(), a.workspace_id, a.id, a.requested_by, a.terms_hash, sha256(days::text::bytea), now() - make_interval(days => days) FROM approval a, unnest('{29,31}'::int[]) AS days`);
    expect(await cleanUp()).toMatchObject({ approvalLinks: 1 });
    expect(await count('approval_link', "expires_at > now() - interval '30 days'")).toBe(1);
  });

  it('deletes sessions, reset links and invitations in time', async () => {
    const insert = (table: string, columns: string, values: string, days: readonly number[]): Promise<object[]> => bench.database.query(
      `INSERT INTO ${table} (id, workspace_id, token_hash, expires_at, ${columns}) SELECT gen_random_uuid(), $1, sha256(days::text::bytea), now() - make_interval(days => days), ${values} FROM (SELECT id FROM user_account LIMIT 1) u, unnest($2::int[]) AS days`, [bench.context.workspace, days]);
    await insert('session', 'user_id', 'u.id', [-1, 1]);
    await insert('password_reset', 'user_id', 'u.id', [0, 2]);
    await insert('invitation', 'invited_by, email, role, revoked_at', "u.id, 'a@example.com', 'recruiter', now()", [179, 181]);
    expect(await cleanUp()).toMatchObject({ sessions: 1, passwordResets: 1, invitations: 1 });
    expect([await count('session'), await count('password_reset'), await count('invitation')]).toEqual([1, 1, 1]);
  });

  it('spares the history within its budget', async () => {
    await insert(100, 'done', 1);
    await log();
    await cleanUp();
    expect([await count('background_job', "type = 'old'"), await count('job_log')]).toEqual([100, 100]);
  });

  it('deletes logs first, when those suffice', async () => {
    await insert(1_100, 'done', 1, 32);
    await bench.database.query(`INSERT INTO job_log (workspace_id, background_job_id, fence, sequence, at, level, message)
      SELECT workspace_id, id, 1, n, now(), 'info', (SELECT string_agg(md5(random()::text || i || n), '') FROM generate_series(1, 20) i) FROM background_job, generate_series(1, 2) n`);
    expect(await cleanUp()).toMatchObject({ logsOverBudget: 2_000 });
    expect(await count('background_job', "type = 'old'")).toBe(1_100);
  });

  it('deletes the oldest jobs beyond the budget', async () => {
    await insert(2_000, 'done', 2, 800);
    await insert(500, 'done', 1, 800);
    await insert(5, 'dead', 3, 800);
    await log();
    const deleted = await cleanUp();
    expect(deleted).toMatchObject({ logsOverBudget: 2_500, jobsOverBudget: 2_000 });
    expect([await count('background_job', "state = 'done' AND type = 'old'"), await count('background_job', "state = 'dead'")]).toEqual([500, 5]);
  });
});
