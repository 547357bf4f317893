import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { systemContext } from '../../src/common/request-context.js';
import { Database } from '../../src/infrastructure/database/database.js';
import { JobSweeper } from '../../src/serverless-jobs/outbox/job-sweeper.js';
import { takeSchedule } from '../../src/serverless-jobs/schedules/schedule-rows.js';
import { lastJob, ScheduleBench } from './schedule-bench.js';

describe('schedules', () => {
  let bench: ScheduleBench;

  beforeAll(async () => {
    bench = await ScheduleBench.open();
  });
  beforeEach(() => bench.reset());
  afterAll(() => bench.close());

  const run = (): Promise<number> => bench.schedules.runDue();

  it('begin nothing before their time', async () => {
    expect(await run()).toBe(0);
    expect(await bench.row('lastSlot')).toEqual({ cron: '0 9 * * *', timeZone: 'Europe/Berlin', paused: false, ahead: true });
    expect((await bench.row('everySlot')).timeZone).toBe('UTC');
  });

  it('begin each missed slot, with its time', async () => {
    await bench.miss('everySlot', 2);
    expect(await run()).toBe(3);
    const jobs = await bench.jobs('everySlot');
    expect(jobs).toHaveLength(3);
    for (const { key, slot } of jobs) expect(key).toBe(`slot ${slot}`);
    expect((await bench.row('everySlot')).ahead).toBe(true);
  });

  it('begin the last of many missed', async () => {
    await bench.miss('lastSlot', 80);
    expect(await run()).toBe(1);
    expect(await bench.jobs('lastSlot')).toEqual([{ key: expect.stringMatching(/^slot /), slot: null }]);
  });

  it('begin a slot once under concurrent calls', async () => {
    await bench.miss('everySlot', 1);
    const begun = await Promise.all(Array.from({ length: 6 }, run));
    expect(begun.reduce((sum, count) => sum + count, 0)).toBe(2);
    await bench.miss('everySlot', 1);
    await run();
    expect(await bench.jobs('everySlot')).toHaveLength(2);
  });

  it('are left to the call that holds them', async () => {
    await bench.miss('everySlot', 1);
    const other = new pg.Client({ connectionString: bench.database.ownerUrl });
    await other.connect();
    await other.query("BEGIN; SELECT 1 FROM job_schedule WHERE name = 'everySlot' FOR UPDATE");
    const begin = performance.now();
    expect(await run()).toBe(0);
    expect(performance.now() - begin).toBeLessThan(5_000);
    await other.query('ROLLBACK');
    await other.end();
    expect(await run()).toBe(2);
  });

  it('stay single and paused after a redeployment', async () => {
    await bench.schedules.pause(bench.context, 'everySlot');
    expect(await bench.schedules.syncRows()).toBe(0);
    await bench.database.query("UPDATE job_schedule SET cron = '5 5 * * *', next_slot = now() - interval '1 hour'");
    expect(await bench.schedules.syncRows()).toBe(2);
    expect(await bench.database.query('SELECT name, cron, paused, next_slot > now() AS ahead FROM job_schedule ORDER BY name')).toEqual([
      { name: 'everySlot', cron: '0 * * * *', paused: true, ahead: true }, { name: 'lastSlot', cron: '0 9 * * *', paused: false, ahead: true }]);
  });

  it('vanish with their definition', async () => {
    await bench.database.query("INSERT INTO job_schedule (workspace_id, name, cron, time_zone, catch_up, next_slot) SELECT id, 'gone', '0 9 * * *', 'UTC', 'last', now() FROM workspace");
    expect(await run()).toBe(0);
    await bench.schedules.syncRows();
    expect(await bench.database.query("SELECT 1 FROM job_schedule WHERE name = 'gone'")).toEqual([]);
  });

  it('come to a new workspace by themselves', async () => {
    const id = randomUUID();
    await bench.database.query("INSERT INTO workspace (id, slug, name, time_zone) VALUES ($1, 'fresh', 'Fresh', 'Nowhere/At_All')", [id]);
    await run();
    expect((await bench.schedules.list(systemContext(id))).map(({ name, timeZone }) => [name, timeZone])).toEqual([['everySlot', 'UTC'], ['lastSlot', 'UTC']]);
    await bench.database.query('DELETE FROM workspace WHERE id = $1', [id]);
  });

  it('begin nothing while paused, nor afterwards', async () => {
    await bench.schedules.pause(bench.context, 'everySlot');
    await bench.miss('everySlot', 3);
    expect(await run()).toBe(0);
    const database = bench.nest.get(Database);
    const { workspace } = bench.context;
    expect(await database.write(bench.context, (manager) => takeSchedule(manager, workspace, 'everySlot', null, true))).toBeNull();
    await bench.schedules.resume(bench.context, 'everySlot');
    expect(await run()).toBe(0);
    expect((await bench.schedules.list(bench.context))[0]!.nextSlots).toHaveLength(5);
    await expect(bench.schedules.pause(bench.context, 'nothing')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('can be run now, also while paused', async () => {
    await bench.schedules.pause(bench.context, 'lastSlot');
    await bench.schedules.runNow(bench.context, 'lastSlot');
    expect(await bench.jobs('lastSlot')).toHaveLength(1);
  });

  it('are caught up by the daily call once', async () => {
    const now = new Date();
    expect(await bench.schedules.runToday(lastJob, now)).toBe(1);
    expect(await bench.schedules.runToday(lastJob, now)).toBe(0);
    expect(await bench.jobs('lastSlot')).toHaveLength(1);
    expect((await bench.row('lastSlot')).ahead).toBe(true);
  });

  it('are swept with a heartbeat and counts', async () => {
    const sweeper = bench.nest.get(JobSweeper);
    await bench.schedules.runNow(bench.context, 'everySlot');
    const age = "created_at = now() - interval '2 minutes', run_at = now() - interval '2 minutes', published_at = now() - interval '2 minutes'";
    await bench.database.query(`UPDATE background_job SET ${age}`);
    const counts = await Promise.all([sweeper.sweepByReason(), sweeper.sweepByReason()]);
    expect(counts.filter((found) => found['never delivered'] === 1)).toHaveLength(1);
    expect(await sweeper.secondsSinceLast()).toBeLessThan(60);
    expect(await bench.database.query('SELECT sweeps FROM background_job')).toEqual([{ sweeps: 1 }]);
  });
});
