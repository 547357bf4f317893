import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import request from 'supertest';
import { accessibilityFaults, openBrowser, openPage } from '../support/browser.js';
import { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { CRON_SECRET, DEMO, startPerch, type Perch } from '../support/perch.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const run = promisify(execFile);
const NAMES = ['aggregateMetrics', 'backupDatabase', 'cleanUpWorkspace', 'meterUsage', 'sendDailyDigest', 'sweepFiles'];

interface Ready {
  readonly status: string;
  readonly checks: readonly ({ readonly name: string; readonly ok: boolean; readonly milliseconds: number } & Record<string, unknown>)[];
}

describe('a running Perch', () => {
  let perch: Perch;
  let owner: Client;

  beforeAll(async () => {
    perch = await startPerch('process');
    owner = await new Client(perch.address).signIn();
  });
  afterAll(() => perch.stop());

  const calls = async (): Promise<string[]> => (await perch.database.query<{ id: string }>('SELECT id FROM qstash.schedule ORDER BY id')).map(({ id }) => id);
  const call = (query: string): request.Test => request(perch.address).get(`/api/scheduled-job${query}`).set('authorization', `Bearer ${CRON_SECRET}`);
  async function command(...args: string[]): Promise<string> {
    const settings = await perch.database.query<{ name: string; value: string }>('SELECT name, value FROM qstash.setting');
    const { PATH, HOME } = process.env;
    const setting = (part: RegExp): string => settings.find(({ name }) => part.test(name))?.value ?? 'unknown';
    const { stdout } = await run(process.execPath, ['scripts/perch.mjs', 'schedules', ...args], {
      cwd: root, env: { PATH, HOME, DATABASE_URL: perch.database.applicationUrl, PERCH_PUBLIC_URL: perch.address, QSTASH_URL: 'http://127.0.0.1:9', QSTASH_TOKEN: setting(/token/), LOG_LEVEL: 'silent' },
    }).catch((error: { stdout: string }) => error);
    return stdout;
  }

  it('has arranged each call once', async () => {
    const expected = ['perch-process-pending', ...NAMES.map((name) => `perch-${name}`)].sort();
    expect(await calls()).toEqual(expected);
    await perch.database.query("INSERT INTO qstash.schedule SELECT (jsonb_populate_record(s, '{\"id\": \"perch-gone\"}')).* FROM qstash.schedule s WHERE id = 'perch-process-pending'");
    await perch.database.query("INSERT INTO qstash.schedule SELECT (jsonb_populate_record(s, '{\"id\": \"of-somebody-else\"}')).* FROM qstash.schedule s WHERE id = 'perch-process-pending'");
    await perch.kill();
    await perch.restart();
    expect(await calls()).toEqual([...expected, 'of-somebody-else'].sort());
  });

  it('lists schedules on the command line', async () => {
    const lines = (await command('list')).trim().split('\n').map((line) => line.split('\t'));
    expect(lines.map(([, name]) => name)).toEqual(NAMES);
    expect(await command('sync')).toBe('0 arranged, 0 removed, 7 failed\n');
  });

  it('begins a due schedule when called', async () => {
    await perch.database.query("UPDATE job_schedule SET next_slot = now() - interval '1 minute' WHERE name = 'cleanUpWorkspace'");
    expect((await call('?schedule=cleanUpWorkspace')).body).toEqual({ begun: { cleanUpWorkspace: 1 }, failed: [] });
    expect((await call('?schedule=cleanUpWorkspace')).body).toEqual({ begun: { cleanUpWorkspace: 0 }, failed: [] });
    expect((await call('?schedule=nothing')).body).toMatchObject({ code: 'INVALID_INPUT', field: 'schedule' });
    await eventually('the clean-up is done', async () => (await perch.database.query("SELECT 1 FROM background_job WHERE type = 'cleanUpWorkspace' AND state = 'done'")).length === 1);
  });

  it('makes up for a call that was lost', async () => {
    await perch.database.query("UPDATE job_schedule SET next_slot = now() - interval '1 minute' WHERE name = 'aggregateMetrics'");
    expect((await call('?task=process-pending')).body.begun['process-pending']).toBeGreaterThanOrEqual(1);
    expect(await perch.database.query("SELECT 1 FROM background_job WHERE type = 'aggregateMetrics'")).toHaveLength(1);
  });

  it('lets administrators change schedules, written down', async () => {
    const change = (client: Client, mutation: string, name: string) => client.graphql<Record<string, { paused: boolean; nextSlots: string[] }>>(`mutation ($name: String!) { ${mutation}(name: $name) { paused nextSlots } }`, { name });
    expect((await change(owner, 'pauseSchedule', 'sendDailyDigest')).data['pauseSchedule']).toEqual({ paused: true, nextSlots: [] });
    expect((await change(owner, 'resumeSchedule', 'sendDailyDigest')).data['resumeSchedule']!.nextSlots).toHaveLength(5);
    expect((await change(owner, 'runScheduleNow', 'sendDailyDigest')).errors).toBeUndefined();
    expect((await change(owner, 'pauseSchedule', 'nothing')).errors?.[0]?.extensions.code).toBe('NOT_FOUND');
    const written = await perch.database.query<{ action: string }>("SELECT action FROM audit_event WHERE object_type = 'job_schedule' ORDER BY at");
    expect(written.map(({ action }) => action)).toEqual(['schedule.pause', 'schedule.resume', 'schedule.run_now']);
    const user = randomUUID();
    await perch.database.query("INSERT INTO user_account (id, email, display_name, password_hash) SELECT $1, 'r@example.com', 'R', password_hash FROM user_account WHERE email = $2", [user, DEMO.email]);
    await perch.database.query("INSERT INTO membership (id, workspace_id, user_id, role) SELECT $1, id, $2, 'recruiter' FROM workspace WHERE slug = 'demo'", [randomUUID(), user]);
    const recruiter = await new Client(perch.address).signIn('r@example.com', DEMO.password);
    expect((await change(recruiter, 'pauseSchedule', 'sendDailyDigest')).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });

  it('shows schedules that can be worked with', async () => {
    const browser = await openBrowser();
    const { page, faults } = await openPage(browser, perch.address);
    await page.goto('/schedules');
    await page.getByLabel('E-mail').fill(DEMO.email);
    await page.getByLabel('Password').fill(DEMO.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('row', { name: /Send daily digest.*(in|tomorrow)/ }).waitFor();
    await page.getByRole('button', { name: 'Pause: Send daily digest' }).click();
    await page.getByText('Send daily digest is paused.').waitFor();
    await page.getByRole('button', { name: 'Resume: Send daily digest' }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    if (process.env['PERCH_SCREENSHOTS']) await page.screenshot({ path: `${process.env['PERCH_SCREENSHOTS']}/schedules.png` });
    await page.getByRole('button', { name: 'Resume: Send daily digest' }).click();
    await page.getByText('Send daily digest goes on.').waitFor();
    await page.getByRole('button', { name: 'Run now: Aggregate metrics' }).click();
    await page.getByText('Aggregate metrics is queued.').waitFor();
    expect(faults).toEqual([]);
    await browser.close();
  });

  const ready = async (): Promise<{ status: number; body: Ready }> => request(perch.address).get('/api/health/ready');
  const check = ({ body }: { body: Ready }, wanted: string): Ready['checks'][number] => body.checks.find(({ name }) => name === wanted)!;

  it('is degraded by overdue jobs and late sweeps', async () => {
    expect((await ready()).body).toMatchObject({ status: 'ready' });
    await perch.database.query(`INSERT INTO background_job (id, workspace_id, type, payload, state, max_attempts, actor_type, lease_until, published_at)
      SELECT gen_random_uuid(), id, 'x', '{}', 'running', 1, 'system', now() - interval '16 minutes', now() + interval '1 hour' FROM workspace`);
    await perch.database.query("UPDATE system_heartbeat SET at = now() - interval '11 minutes' WHERE name = 'sweep'");
    const answer = await ready();
    expect([answer.status, answer.body.status]).toEqual([200, 'degraded']);
    expect(check(answer, 'jobs')).toMatchObject({ ok: false, overdue: 1, dead: 0 });
    expect(check(answer, 'sweep')).toMatchObject({ ok: false, secondsAgo: expect.any(Number) });
    expect(perch.output()).toContain('The sweep of background jobs has not run for 11 minutes.');
    await perch.database.query("DELETE FROM background_job WHERE type = 'x'");
  });

  it('is not ready when jobs cannot be stored', async () => {
    await perch.database.query('REVOKE INSERT ON background_job FROM perch_app');
    const readOnly = await ready();
    expect([readOnly.status, check(readOnly, 'queue').ok, check(readOnly, 'database').ok]).toEqual([503, false, true]);
    await perch.database.query('GRANT INSERT ON background_job TO perch_app');
    expect((await ready()).status).toBe(200);
    await perch.database.query('ALTER TABLE background_job RENAME TO background_job_gone');
    expect((await ready()).status).toBe(503);
    await perch.database.query('ALTER TABLE background_job_gone RENAME TO background_job');
    expect((await ready()).status).toBe(200);
    expect(await perch.database.query("SELECT 1 FROM background_job WHERE type = 'healthProbe'")).toEqual([]);
  });

  it('is built without a reachable QStash', async () => {
    const build = (env: Record<string, string>): Promise<{ stdout: string; stderr: string }> => run(process.execPath, ['scripts/register-schedules.mjs'], { cwd: root, env: { PATH: process.env['PATH'], ...env } });
    expect(await build({ VERCEL: '1' })).toEqual({ stdout: '', stderr: '' });
    expect(await build({ VERCEL: '1', VERCEL_ENV: 'preview', QSTASH_TOKEN: 'x' })).toEqual({ stdout: '', stderr: '' });
    expect((await build({ VERCEL: '1', QSTASH_TOKEN: 'x' })).stderr).toContain('The schedules could not be arranged');
  });
});
