import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { FaultAction } from './failpoints.js';
import { FaultBench } from './fault-bench.js';
import { ENQUEUE_POINTS, runPoints } from './points.js';

const EVERY_STEP = [0, 1, 2, 3];
const CUTS: readonly FaultAction[] = ['cut before', 'cut after'];
const COMMITS = ['before the claim is committed', 'before the commit of step 1', 'before the commit of step 2', 'before the commit of step 3', 'before the end is committed'];

describe('a connection that is lost', () => {
  let bench: FaultBench;

  beforeAll(async () => {
    bench = await FaultBench.open();
  });
  afterEach(async () => {
    expect(await bench.orphans()).toEqual([]);
  });
  afterAll(() => bench.close());

  it.each(CUTS)('at the commit of an order, %s', async (action) => {
    const instance = await bench.instance();
    const key = `order ${action}`;
    await instance.arm({ ...ENQUEUE_POINTS['before the commit']!, action });
    const reached = instance.reached();
    expect((await instance.order(key))?.status).toBe(503);
    await reached;
    expect((await instance.order(key))?.status).toBe(200);
    expect(await bench.settle(instance, key)).toMatchObject({ state: 'done' });
    expect(await bench.ledger(key)).toEqual(EVERY_STEP);
    await instance.end();
  });

  it.each(COMMITS.flatMap((name) => CUTS.map((action) => [name, action] as const)))('%s, %s', async (name, action) => {
    const instance = await bench.instance();
    const key = `${name} ${action}`;
    await instance.order(key);
    await instance.arm({ ...runPoints('threeChunks')[name]!, action });
    const reached = instance.reached();
    const answer = await instance.deliver(bench.qstash.callsFor(await bench.jobId(key))[0]!, 'first');
    await reached;
    expect(answer).not.toBeNull();
    expect(await bench.settle(instance, key)).toMatchObject({ state: 'done' });
    expect(await bench.ledger(key)).toEqual(EVERY_STEP);
    await instance.end();
  });
});
