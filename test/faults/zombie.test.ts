import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { FaultBench, type OrderKind } from './fault-bench.js';
import { LONG_STEPS } from './ledger-jobs.js';
import { runPoints } from './points.js';

const EVERY_STEP = [0, 1, 2, 3];
/** Where the row of the job is locked by the process that stands still: its successor waits for it instead of overtaking. */
const HOLDS_LOCK = /commit of step|effect of step|before the claim is committed|before the end is committed/;

describe('a process that stands still until another has taken over', () => {
  let bench: FaultBench;

  beforeAll(async () => {
    bench = await FaultBench.open();
  });
  afterEach(async () => {
    expect(await bench.orphans()).toEqual([]);
    expect(await bench.waitingForLocks()).toEqual([]);
  });
  afterAll(() => bench.close());

  const places = (kind: OrderKind) => Object.entries(runPoints(kind)).filter(([name]) => name !== 'after the signature');

  const KINDS: readonly OrderKind[] = ['threeChunks', 'threeSteps'];
  it.each(KINDS.flatMap((kind) => places(kind).map(([name, point]) => [kind, name, point] as const)))('has one effect with its successor, %s %s', async (kind, name, point) => {
    const [zombie, healthy] = [await bench.instance(), await bench.healthy()];
    const key = `zombie ${kind} ${name}`;
    await healthy.order(key, kind);
    const [call] = bench.qstash.callsFor(await bench.jobId(key));
    await zombie.arm({ ...point, action: 'stop' });
    const first = zombie.deliver(call!, 'first');
    await zombie.stopped();
    const locked = HOLDS_LOCK.test(name) && !name.startsWith('after the commit');
    if (!locked) await bench.passTime();
    const second = healthy.deliver(call!, 'second');
    if (locked) await eventually('the successor waits for the lock', async () => (await bench.waitingForLocks()).length > 0);
    else await second;
    zombie.wake();
    await Promise.all([first, second]);
    expect(await bench.settle(healthy, key)).toMatchObject({ state: 'done' });
    expect(await bench.ledger(key)).toEqual(EVERY_STEP);
    await zombie.end();
  });

  it.each(KINDS.flatMap((kind) => ['before step 2', 'before the end'].map((name) => [kind, name] as const)))('has no effect beside its successor, %s %s', async (kind, name) => {
    const [zombie, successor, healthy] = [await bench.instance(), await bench.instance(), await bench.healthy()];
    const key = `beside ${kind} ${name}`;
    await healthy.order(key, kind);
    const [call] = bench.qstash.callsFor(await bench.jobId(key));
    const place = runPoints(kind)[name]!;
    await zombie.arm({ ...place, action: 'stop' });
    const first = zombie.deliver(call!, 'first');
    await zombie.stopped();
    await bench.passTime();
    // It goes on where the zombie stands.
    await successor.arm({ ...place, nth: 1, action: 'stop' });
    const second = successor.deliver(call!, 'second');
    await successor.stopped();
    zombie.wake();
    expect((await first)?.body.kind).toBe('lost');
    successor.wake();
    await second;
    expect(await bench.settle(healthy, key)).toMatchObject({ state: 'done' });
    expect(await bench.ledger(key)).toEqual(EVERY_STEP);
    await Promise.all([zombie.end(), successor.end()]);
  });

  it('cannot fail what its successor has done', async () => {
    const [zombie, healthy] = [await bench.instance(), await bench.healthy()];
    const key = 'fails late';
    await healthy.order(key);
    const id = await bench.jobId(key);
    const first = zombie.deliver(bench.qstash.callsFor(id)[0]!, 'first');
    await zombie.stopped();
    await bench.passTime();
    expect((await healthy.deliver(bench.qstash.callsFor(id)[0]!, 'second'))?.body.kind).toBe('done');
    zombie.wake();
    expect((await first)?.body.kind).toBe('lost');
    expect(await bench.job(key)).toMatchObject({ state: 'done', fence: 2 });
    expect(await bench.ledger(key)).toEqual(EVERY_STEP);
    await zombie.end();
  });

  it('lets a cancel wait for the open step only', async () => {
    const [zombie, healthy] = [await bench.instance(), await bench.healthy()];
    const key = 'long, cancelled in a step';
    await healthy.order(key);
    const id = await bench.jobId(key);
    await zombie.arm({ ...runPoints('threeChunks')['before the commit of step 2']!, action: 'stop' });
    const first = zombie.deliver(bench.qstash.callsFor(id)[0]!, 'first');
    await zombie.stopped();
    const cancelled = healthy.cancel(id);
    await eventually('the cancel waits for the step', async () => (await bench.waitingForLocks()).length > 0);
    zombie.wake();
    expect((await cancelled)?.status).toBe(200);
    expect((await first)?.body.kind).toBe('lost');
    expect(await bench.settle(healthy, key)).toMatchObject({ state: 'cancelled' });
    // A row that is let go may be taken by the next steps before the one who waits for it wakes up.
    const written = await bench.ledger(key);
    expect(written.length).toBeLessThan(LONG_STEPS);
    expect(written).toEqual(written.map((_, index) => index + 1));
    await zombie.end();
  });
});
