import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { systemContext } from '../../src/common/request-context.js';
import { defineJob } from '../../src/serverless-jobs/definition/define-job.js';
import { JobHandler, type JobWork } from '../../src/serverless-jobs/definition/job-handler.js';
import { JobSweeper } from '../../src/serverless-jobs/outbox/job-sweeper.js';
import { JobDrainer } from '../../src/serverless-jobs/runner/job-drainer.js';
import type { RunningJob } from '../../src/serverless-jobs/runner/running-job.js';
import { countJob, JobBench, OTHER_WORKSPACE, WORKSPACE } from './job-bench.js';

const single = defineJob({ name: 'single', payload: z.object({ key: z.string() }), concurrencyKey: ({ key }) => key });
const steady = defineJob({ name: 'steady', payload: z.object({ number: z.number() }) });
const rated = defineJob({ name: 'rated', payload: z.object({ key: z.string() }), rate: { limit: 2, period: 60_000, key: ({ key }) => key } });

/** Lets a test hold the handler of `single` at its work. */
const gate: { wait: Promise<void>; begun: () => void } = { wait: Promise.resolve(), begun: () => undefined };
const order: string[] = [];
/** How many jobs of the kind `steady` are quick before the others take a second each. */
const pace = { quick: 70 };

@Injectable()
@JobHandler(single)
class SingleHandler implements JobWork<typeof single> {
  async handle(): Promise<void> {
    gate.begun();
    await gate.wait;
  }
}
@Injectable()
@JobHandler(rated)
class RatedHandler implements JobWork<typeof rated> {
  async handle(job: RunningJob): Promise<void> {
    order.push(job.id);
  }
}

@Injectable()
@JobHandler(steady)
class SteadyHandler implements JobWork<typeof steady> {
  async handle(): Promise<void> {
    if (pace.quick-- <= 0) await new Promise((done) => setTimeout(done, 1_000));
  }
}

describe('limits of background jobs', () => {
  let bench: JobBench;

  beforeAll(async () => {
    bench = await JobBench.open([SingleHandler, RatedHandler, SteadyHandler]);
  });
  afterAll(() => bench.close());

  /** Begins a job of the key and returns what lets it end. */
  async function hold(id: string): Promise<() => Promise<unknown>> {
    let letGo = (): void => undefined;
    gate.wait = new Promise((done) => (letGo = done));
    const begun = new Promise<void>((done) => (gate.begun = done));
    const running = bench.deliver(id);
    await begun;
    return () => {
      letGo();
      return running;
    };
  }

  it('run one job of a key at a time', async () => {
    const [first, second, third] = await Promise.all([1, 2, 3].map(() => bench.jobs.enqueue(bench.context, single, { key: 'a' }))) as [string, string, string];
    const other = await bench.jobs.enqueue(bench.context, single, { key: 'b' });
    const end = await hold(first);
    expect(await bench.deliver(second)).toEqual({ kind: 'parked' });
    expect(await bench.deliver(third)).toEqual({ kind: 'parked' });
    gate.wait = Promise.resolve();
    expect(await bench.deliver(other)).toEqual({ kind: 'done' });
    const told = bench.qstash.callsFor(second).length + bench.qstash.callsFor(third).length;
    await end();
    const parked = await Promise.all([second, third].map(async (id) => (await bench.job(id)).parked));
    expect(parked.filter(Boolean)).toHaveLength(1);
    expect(bench.qstash.callsFor(second).length + bench.qstash.callsFor(third).length).toBe(told + 1);
  });

  it('let go when the holder of a key dies', async () => {
    const [first, second] = [await bench.jobs.enqueue(bench.context, single, { key: 'dies' }), await bench.jobs.enqueue(bench.context, single, { key: 'dies' })];
    const end = await hold(first);
    expect(await bench.deliver(second)).toEqual({ kind: 'parked' });
    await bench.expireLease(first);
    await bench.nest.get(JobSweeper).sweep();
    expect((await bench.job(second)).parked).toBe(false);
    gate.wait = Promise.resolve();
    expect(await bench.deliver(second)).toEqual({ kind: 'done' });
    expect(await end()).toEqual({ kind: 'done' });
  });

  it('give each start its time when there are too many', async () => {
    const ids = await Promise.all(Array.from({ length: 4 }, () => bench.jobs.enqueue(bench.context, rated, { key: 'r' })));
    const kinds: string[] = [];
    for (const id of ids) kinds.push((await bench.deliver(id)).kind);
    expect(kinds).toEqual(['done', 'done', 'later', 'later']);
    const waits = [(await bench.job(ids[2]!)).dueIn, (await bench.job(ids[3]!)).dueIn];
    expect(waits[0]).toBeGreaterThan(20_000);
    expect(waits[1]! - waits[0]!).toBeGreaterThan(25_000);
    expect(bench.qstash.callsFor(ids[2]!)).toHaveLength(2);
    await bench.makeDue(ids[2]!);
    expect(await bench.deliver(ids[2]!)).toEqual({ kind: 'done' });
    expect(order).toEqual([ids[0], ids[1], ids[2]]);
  });

  it('bind one workspace and not another', async () => {
    const foreign = await bench.jobs.enqueue(systemContext(OTHER_WORKSPACE), rated, { key: 'r' });
    expect(await bench.deliver(foreign, { workspaceId: OTHER_WORKSPACE })).toEqual({ kind: 'done' });
  });

  it('hold back in a drain too', async () => {
    await bench.database.query('DELETE FROM background_job');
    const ids = await bench.jobs.enqueueMany(bench.context, single, Array.from({ length: 6 }, () => ({ key: 'd' })));
    gate.wait = Promise.resolve();
    const drainer = bench.nest.get(JobDrainer);
    for (let turn = 0; turn < 6; turn++) await drainer.drain(performance.now() + 30_000);
    expect(await Promise.all(ids.map(async (id) => (await bench.job(id)).state))).toEqual(ids.map(() => 'done'));
  });
});

describe('a drain', () => {
  let bench: JobBench;

  beforeAll(async () => {
    bench = await JobBench.open([SingleHandler, RatedHandler, SteadyHandler]);
  });
  afterAll(() => bench.close());

  const labels = (prefix: string, count: number): { label: string }[] => Array.from({ length: count }, (_, index) => ({ label: `${prefix} ${index}` }));

  it('lets a small workspace begin beside a large one', async () => {
    await bench.jobs.enqueueMany(bench.context, countJob, labels('large', 10_000));
    const small = await bench.jobs.enqueue(systemContext(OTHER_WORKSPACE), countJob, { label: 'small' });
    // A time that is as good as over after the first batches.
    await bench.nest.get(JobDrainer).drain(performance.now() + 5_001);
    expect((await bench.job(small)).state).toBe('done');
    const [left] = await bench.database.query<{ count: number }>("SELECT count(*)::int AS count FROM background_job WHERE state = 'queued' AND workspace_id = $1", [WORKSPACE]);
    expect(left!.count).toBeGreaterThan(9_000);
    expect(bench.qstash.drains.length).toBeGreaterThan(20);
    await bench.database.query('DELETE FROM background_job');
  });

  it('begins urgent work first', async () => {
    await bench.jobs.enqueueMany(bench.context, countJob, labels('normal', 30));
    await bench.jobs.enqueueMany(bench.context, countJob, labels('low', 10), { priority: 'low' });
    await bench.jobs.enqueueMany(bench.context, countJob, labels('high', 10), { priority: 'high' });
    expect(await bench.nest.get(JobDrainer).drain(performance.now() + 30_000)).toBe(50);
    const rows = await bench.database.query<{ label: string }>("SELECT split_part(payload->>'label', ' ', 1) AS label FROM background_job WHERE state = 'done' ORDER BY started_at, priority");
    expect(rows.map(({ label }) => label)).toEqual([...Array.from({ length: 10 }, () => 'high'), ...Array.from({ length: 30 }, () => 'normal'), ...Array.from({ length: 10 }, () => 'low')]);
  });

  it('shares the work with others and repeats none', async () => {
    await bench.jobs.enqueueMany(bench.context, countJob, labels('shared', 200));
    const drainer = bench.nest.get(JobDrainer);
    const ran = await Promise.all([1, 2, 3].map(() => drainer.drain(performance.now() + 30_000)));
    expect(ran.reduce((sum, count) => sum + count, 0)).toBe(200);
    expect(await bench.database.query("SELECT count(*)::int AS effects, count(DISTINCT label)::int AS labels FROM effect WHERE label LIKE 'shared %'")).toEqual([{ effects: 200, labels: 200 }]);
  });

  it('is called for a backlog that was never delivered', async () => {
    await bench.database.query('DELETE FROM background_job');
    await bench.jobs.enqueueMany(bench.context, countJob, labels('backlog', 400));
    await bench.database.query("UPDATE background_job SET published_at = now() - interval '2 minutes', run_at = now() - interval '2 minutes'");
    const before = bench.qstash.calls.length;
    expect(await bench.nest.get(JobSweeper).sweepByReason()).toEqual({ 'never delivered': 400 });
    expect(bench.qstash.calls.slice(before).map(({ body }) => body)).toEqual(Array.from({ length: 4 }, () => ({ drain: true })));
    await bench.database.query('DELETE FROM background_job');
  });

  it('gives back what it has no time for', async () => {
    await bench.database.query('DELETE FROM background_job');
    await bench.jobs.enqueueMany(bench.context, steady, Array.from({ length: 200 }, (_, number) => ({ number })));
    // Quick jobs make the batches grow; the last one is larger than what can be begun in its time.
    await bench.nest.get(JobDrainer).drain(performance.now() + 7_000);
    const rows = await bench.database.query<{ state: string; fence: number; attempts: number }>('SELECT state, fence, attempts FROM background_job GROUP BY 1, 2, 3 ORDER BY 1, 2');
    expect(rows).toContainEqual({ state: 'done', fence: 1, attempts: 1 });
    expect(rows).toContainEqual({ state: 'queued', fence: 1, attempts: 0 });
    expect(rows.every(({ state }) => state === 'done' || state === 'queued')).toBe(true);
    expect(await bench.database.query("SELECT 1 FROM job_attempt WHERE outcome <> 'done'")).toEqual([]);
    pace.quick = Number.POSITIVE_INFINITY;
    await bench.nest.get(JobDrainer).drain(performance.now() + 30_000);
    expect(await bench.database.query("SELECT 1 FROM background_job WHERE state <> 'done'")).toEqual([]);
    expect(await bench.database.query("SELECT count(*)::int AS count FROM job_attempt WHERE outcome = 'done'")).toEqual([{ count: 200 }]);
    await bench.database.query('DELETE FROM background_job');
  });

  it('leaves alone what its own call is about to begin', async () => {
    const drainer = bench.nest.get(JobDrainer);
    const makeOverdue = (id: string): Promise<unknown> =>
      bench.database.query("UPDATE background_job SET published_at = now() - interval '2 seconds', run_at = now() - interval '2 seconds' WHERE id = $1", [id]);
    const waited = await bench.enqueue('waited');
    const fresh = await bench.enqueue('fresh');
    await makeOverdue(waited);
    await drainer.drainOverdue(performance.now() + 30_000, 1_000);
    expect([(await bench.job(waited)).state, (await bench.job(fresh)).state]).toEqual(['done', 'queued']);
    await drainer.drainOverdue(performance.now() + 30_000, 600_000);
    await makeOverdue(fresh);
    // It found nothing, so for ten minutes it does not look again.
    await drainer.drainOverdue(performance.now() + 30_000, 1_000);
    expect((await bench.job(fresh)).state).toBe('queued');
    await bench.database.query('DELETE FROM background_job');
  });

  it('leaves a late call to those under way', async () => {
    const drainer = bench.nest.get(JobDrainer);
    let letGo = (): void => undefined;
    gate.wait = new Promise((done) => (letGo = done));
    const drains: Promise<number>[] = [];
    for (const key of ['x', 'y', 'z']) {
      const begun = new Promise<void>((done) => (gate.begun = done));
      await bench.jobs.enqueue(bench.context, single, { key });
      drains.push(drainer.drain(performance.now() + 30_000));
      await begun;
    }
    const late = await bench.enqueue('late');
    expect(await drainer.drain(performance.now() + 30_000)).toBe(0);
    expect((await bench.job(late)).state).toBe('queued');
    letGo();
    expect((await Promise.all(drains)).reduce((sum, ran) => sum + ran, 0)).toBe(4);
    expect((await bench.job(late)).state).toBe('done');
  });
});
