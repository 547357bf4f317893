import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../../support/eventually.js';
import { gate, QStashBench } from '../../support/qstash.js';

describe('queues of the QStash server', () => {
  let bench: QStashBench;

  beforeAll(async () => {
    bench = await QStashBench.open();
  });
  beforeEach(() => bench.destination.reset());
  afterAll(() => bench.close());

  const enqueue = async (queueName: string, path: string, options: object = {}): Promise<string> =>
    (await bench.client.queue({ queueName }).enqueueJSON({ url: `${bench.destination.origin}${path}`, body: {}, ...options })).messageId;

  it('let a retry hold back the next', async () => {
    bench.destination.byPath.set('/1', [{ status: 500 }]);
    const first = await enqueue('retrying', '/1');
    await enqueue('retrying', '/2');
    await bench.secondsUntilRetry(first, 1);
    expect((await bench.client.queue({ queueName: 'retrying' }).get()).lag).toBe(2);
    await bench.makeDue(first);
    await bench.destination.arrived(3);
    expect(bench.destination.paths).toEqual(['/1', '/1', '/2']);
  });

  it('let callbacks hold back the next', async () => {
    const slow = gate();
    bench.destination.byPath.set('/callback', [{ status: 200, after: slow.opened }]);
    const first = await enqueue('calling', '/1', { callback: `${bench.destination.origin}/callback` });
    const second = await enqueue('calling', '/2');
    await bench.ended(first, 'delivered');
    await bench.destination.arrived(2);
    expect(await bench.database.query(`SELECT 1 FROM qstash.event WHERE message_id = $1 AND state = 'ACTIVE'`, [second])).toEqual([]);
    slow.open();
    await bench.destination.arrived(3);
    expect(bench.destination.paths).toEqual(['/1', '/callback', '/2']);
  });

  it('deliver as many at a time as allowed', async () => {
    await bench.client.queue({ queueName: 'wide' }).upsert({ parallelism: 2 });
    const slow = gate();
    bench.destination.answers = Array.from({ length: 4 }, () => ({ status: 200, after: slow.opened }));
    for (const path of ['/1', '/2', '/3', '/4']) await enqueue('wide', path);
    await eventually('two are under way', async () => bench.destination.underWay === 2);
    slow.open();
    await bench.destination.arrived(4);
    expect(bench.destination.mostUnderWay).toBe(2);
  });

  it('wait while they are paused', async () => {
    const queue = bench.client.queue({ queueName: 'paused' });
    await queue.upsert({ parallelism: 1, paused: true });
    await enqueue('paused', '/paused');
    await bench.client.publishJSON({ url: `${bench.destination.origin}/other`, body: {} });
    await bench.destination.arrived(1);
    expect(bench.destination.paths).toEqual(['/other']);
    await queue.resume();
    await bench.destination.arrived(2);
    expect((await queue.get()).paused).toBe(false);
  });

  it('go on after a cancelled message', async () => {
    bench.destination.byPath.set('/1', [{ status: 500 }]);
    const first = await enqueue('cancelling', '/1');
    await enqueue('cancelling', '/2');
    await bench.secondsUntilRetry(first, 1);
    await bench.client.messages.cancel([first]);
    await bench.destination.arrived(2);
    expect(bench.destination.paths).toEqual(['/1', '/2']);
  });

  it('keep the order of many publishers', async () => {
    const numbers = Array.from({ length: 30 }, (_, index) => index);
    await bench.client.batchJSON(numbers.map((number) => ({ url: `${bench.destination.origin}/${number}`, body: {}, queueName: 'long' })));
    await bench.destination.arrived(30);
    expect(bench.destination.paths).toEqual(numbers.map((number) => `/${number}`));
    expect(bench.destination.mostUnderWay).toBe(1);
  });

  it('refuse to run a message out of order', async () => {
    const id = await enqueue('ordered', '/later', { delay: '1h' });
    expect((await bench.call('POST', `/v2/messages/${id}/retry`)).status).toBe(400);
  });
});
