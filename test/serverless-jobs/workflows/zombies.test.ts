import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { effect, gate, WorkflowBench } from './workflow-bench.js';

describe('steps of an attempt that was taken over', () => {
  let bench: WorkflowBench;

  beforeAll(async () => {
    bench = await WorkflowBench.open();
  });
  afterAll(() => bench.close());

  it('have no effect', async () => {
    const stop = gate();
    let attempts = 0;
    const id = await bench.start('zombie', async (step) => {
      await step.run('before', effect('zombie', 1));
      await step.run('outside', async (attempt) => {
        if (++attempts === 1) await stop.pass();
        return attempt.complete(async (manager) => void (await manager.query("INSERT INTO effect VALUES ('zombie', $1)", [10 * attempts])));
      });
      await step.run('after', effect('zombie', 3));
    });
    const first = bench.deliver(id);
    await stop.reached;
    await bench.expire(id);
    expect(await bench.deliver(id)).toEqual({ kind: 'done' });
    stop.open();
    expect(await first).toEqual({ kind: 'lost' });
    expect(await bench.effects('zombie')).toEqual([1, 3, 20]);
    expect(await bench.outcomes(id)).toEqual(['lost', 'done']);
  });

  it('store no result', async () => {
    const [stop, hold] = [gate(), gate()];
    let attempts = 0;
    const id = await bench.start('zombie result', async (step) => {
      const found = await step.run('value', async () => {
        const mine = ++attempts;
        if (mine === 1) await stop.pass();
        return mine;
      });
      await step.run('held', () => hold.pass());
      return { found };
    });
    const first = bench.deliver(id);
    await stop.reached;
    await bench.expire(id);
    const second = bench.deliver(id);
    await hold.reached;
    stop.open();
    expect(await first).toEqual({ kind: 'lost' });
    expect((await bench.steps(id)).find(({ name }) => name === 'value')).toMatchObject({ state: 'done', result: 2 });
    hold.open();
    expect(await second).toEqual({ kind: 'done' });
    expect(await bench.run(id)).toMatchObject({ result: { found: 2 } });
  });
});
