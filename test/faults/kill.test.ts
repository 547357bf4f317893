import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { FaultBench, type OrderKind } from './fault-bench.js';
import { ENQUEUE_POINTS, runPoints } from './points.js';

const EVERY_STEP = [0, 1, 2, 3];

describe('a process killed', () => {
  let bench: FaultBench;

  beforeAll(async () => {
    bench = await FaultBench.open();
  });
  afterEach(async () => {
    expect(await bench.orphans()).toEqual([]);
    expect(await bench.waitingForLocks()).toEqual([]);
  });
  afterAll(() => bench.close());

  it.each(Object.entries(ENQUEUE_POINTS))('while enqueueing, %s', async (name, point) => {
    const [victim, healthy] = [await bench.instance(), await bench.healthy()];
    const key = `enqueue ${name}`;
    await victim.arm({ ...point, action: 'kill' });
    const reached = victim.reached();
    expect(await victim.order(key)).toBeNull();
    await reached;
    const placed = await bench.database.query('SELECT 1 FROM placed_order WHERE key = $1', [key]);
    expect(placed).toHaveLength(name.startsWith('after the commit') || name === 'after publishing' ? 1 : 0);
    // The client tries again, as it does when it got no answer.
    expect((await healthy.order(key))?.status).toBe(200);
    expect(await bench.settle(healthy, key)).toMatchObject({ state: 'done' });
    expect(await bench.ledger(key)).toEqual(EVERY_STEP);
  });

  const KINDS: readonly OrderKind[] = ['threeChunks', 'threeSteps'];
  it.each(KINDS.flatMap((kind) => Object.entries(runPoints(kind)).map(([name, point]) => [kind, name, point] as const)))('while running %s, %s', async (kind, name, point) => {
    const [victim, healthy] = [await bench.instance(), await bench.healthy()];
    const key = `${kind} ${name}`;
    await healthy.order(key, kind);
    const [call] = bench.qstash.callsFor(await bench.jobId(key));
    await victim.arm({ ...point, action: 'kill' });
    const reached = victim.reached();
    expect(await victim.deliver(call!, 'first')).toBeNull();
    await reached;
    // Delivered again at once: it waits for the lease, unless nothing had been claimed or all was done.
    const again = await healthy.deliver(call!, 'first');
    expect([200, 503]).toContain(again!.status);
    expect(await bench.settle(healthy, key)).toMatchObject({ state: 'done' });
    expect(await bench.ledger(key)).toEqual(EVERY_STEP);
  });

  it('while publishing, after QStash had accepted', async () => {
    const [victim, healthy] = [await bench.instance(), await bench.healthy()];
    bench.qstash.mood = 'answers late';
    const answer = victim.order('accepted');
    while (bench.qstash.calls.at(-1)?.body.jobId === undefined || (await bench.database.query("SELECT 1 FROM placed_order WHERE key = 'accepted'")).length === 0) await new Promise((done) => setTimeout(done, 10));
    await victim.end();
    bench.qstash.mood = 'accepts';
    expect(await answer).toBeNull();
    expect(await bench.settle(healthy, 'accepted')).toMatchObject({ state: 'done', attempts: 1 });
    expect(await bench.ledger('accepted')).toEqual(EVERY_STEP);
  });

  it('by its own work, again and again', async () => {
    const key = 'poison kills';
    const sweeper = await bench.healthy();
    await sweeper.order(key);
    for (let attempt = 1; attempt <= 5; attempt++) {
      const victim = await bench.instance();
      expect(await victim.deliver(bench.qstash.callsFor(await bench.jobId(key)).at(-1)!, `poison-${attempt}`)).toBeNull();
      await bench.passTime();
      await sweeper.sweep();
    }
    expect(await bench.settle(sweeper, key)).toMatchObject({ state: 'dead' });
    const [{ code, lost }] = (await bench.database.query<{ code: string; lost: number }>(
      "SELECT j.error_code AS code, (SELECT count(*)::int FROM job_attempt a WHERE a.background_job_id = j.id AND a.outcome = 'lost') AS lost FROM background_job j WHERE payload->>'key' = $1", [key])) as [{ code: string; lost: number }];
    expect([code, lost]).toEqual(['WORKER_LOST', 5]);
    expect(await bench.ledger(key)).toEqual([]);
  });
});
