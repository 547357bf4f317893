import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../../support/eventually.js';
import { gate, QStashBench } from '../../support/qstash.js';

describe('flow control of the QStash server', () => {
  let bench: QStashBench;

  beforeAll(async () => {
    bench = await QStashBench.open();
  });
  beforeEach(() => bench.destination.reset());
  afterAll(() => bench.close());

  const publish = (count: number, flowControl: { key: string; parallelism: number; rate?: number; period?: number } | { key: string; rate: number; period?: number }): Promise<object[]> =>
    bench.client.batchJSON(Array.from({ length: count }, (_, index) => ({ url: `${bench.destination.origin}/${index}`, body: {}, flowControl })));

  it('limits what is under way', async () => {
    const slow = gate();
    bench.destination.answers = Array.from({ length: 6 }, () => ({ status: 200, after: slow.opened }));
    await publish(6, { key: 'narrow', parallelism: 2 });
    await eventually('two are under way', async () => bench.destination.underWay === 2);
    expect(await bench.client.flowControl.get('narrow')).toMatchObject({ flowControlKey: 'narrow', waitListSize: 4, parallelismMax: 2, parallelismCount: 2, isPaused: false });
    expect(await bench.client.flowControl.getGlobalParallelism()).toMatchObject({ parallelismCount: 2 });
    slow.open();
    await bench.destination.arrived(6);
    expect(bench.destination.mostUnderWay).toBe(2);
  });

  it('limits how many begin in a period', async () => {
    await publish(5, { key: 'slow', rate: 2, period: 3_600 });
    await bench.destination.arrived(2);
    expect(await bench.client.flowControl.get('slow')).toMatchObject({ rateMax: 2, rateCount: 2, ratePeriod: 3_600, waitListSize: 3 });
    await bench.database.query(`UPDATE qstash.flow_control SET period_start = now() - interval '2 hours' WHERE key = 'slow'`);
    await bench.destination.arrived(4);
    await bench.client.flowControl.resetRate('slow');
    await bench.destination.arrived(5);
  });

  it('begins the next period by its own timer', async () => {
    const begin = Date.now();
    await publish(4, { key: 'ticking', rate: 2, period: 1 });
    await bench.destination.arrived(4);
    expect(Date.now() - begin).toBeGreaterThan(900);
  });

  it('puts pinned limits before those of messages', async () => {
    await publish(1, { key: 'pinned', parallelism: 9 });
    await bench.client.flowControl.pin('pinned', { parallelism: 3, rate: 20, period: 120 });
    await publish(1, { key: 'pinned', parallelism: 8, rate: 1 });
    expect(await bench.client.flowControl.get('pinned')).toMatchObject({ parallelismMax: 3, rateMax: 20, ratePeriod: 120, isPinnedParallelism: true, isPinnedRate: true });
    await bench.client.flowControl.unpin('pinned', { parallelism: true });
    await publish(1, { key: 'pinned', parallelism: 8, rate: 1 });
    expect(await bench.client.flowControl.get('pinned')).toMatchObject({ parallelismMax: 8, rateMax: 20, isPinnedParallelism: false, isPinnedRate: true });
    await bench.destination.arrived(3);
  });

  it('waits while a key is paused', async () => {
    await publish(1, { key: 'halted', parallelism: 1 });
    await bench.destination.arrived(1);
    await bench.client.flowControl.pause('halted');
    await publish(1, { key: 'halted', parallelism: 1 });
    await bench.client.publishJSON({ url: `${bench.destination.origin}/other`, body: {} });
    await bench.destination.arrived(2);
    expect(bench.destination.paths).toEqual(['/0', '/other']);
    await bench.client.flowControl.resume('halted');
    await bench.destination.arrived(3);
  });

  it('knows no key that no message had', async () => {
    await expect(bench.client.flowControl.get('nobody')).rejects.toThrow(/not found/);
    expect((await bench.call('GET', '/v2/flowControl?search=pinn')).body).toMatchObject([{ flowControlKey: 'pinned' }]);
  });
});
