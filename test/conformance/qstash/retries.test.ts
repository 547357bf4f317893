import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../../support/eventually.js';
import { gate, QStashBench } from '../../support/qstash.js';

describe('retries of the QStash server', () => {
  let bench: QStashBench;

  beforeAll(async () => {
    bench = await QStashBench.open();
  });
  beforeEach(() => bench.destination.reset());
  afterAll(() => bench.close());

  const publish = async (options: object = {}): Promise<string> => (await bench.client.publishJSON({ url: `${bench.destination.origin}/retry`, body: {}, ...options })).messageId;

  it('wait as the vendor does by default', async () => {
    bench.destination.answers = [{ status: 500 }, { status: 500 }];
    const id = await publish();
    expect(Math.round(await bench.secondsUntilRetry(id, 1))).toBe(12);
    await bench.makeDue(id);
    expect(Math.round(await bench.secondsUntilRetry(id, 2))).toBe(148);
    await bench.client.messages.cancel(id);
  });

  it('wait as the expression of the message says', async () => {
    bench.destination.answers = [{ status: 500 }, { status: 500 }];
    const id = await publish({ retryDelay: 'max(30000, pow(retried + 1, 2) * 100000)' });
    expect(Math.round(await bench.secondsUntilRetry(id, 1))).toBe(100);
    await bench.makeDue(id);
    expect(Math.round(await bench.secondsUntilRetry(id, 2))).toBe(400);
    expect((await bench.client.messages.get(id)).retryDelayExpression).toBe('max(30000, pow(retried + 1, 2) * 100000)');
    await bench.client.messages.cancel(id);
  });

  it('refuse an expression that cannot be computed', async () => {
    await expect(publish({ retryDelay: 'process.exit(1)' })).rejects.toThrow(/Retry-Delay/);
  });

  it.each<readonly [string, Record<string, string>, number]>([
    ['seconds', { 'retry-after': '60' }, 60],
    ['a date', { 'retry-after': new Date(Date.now() + 3_600_000).toUTCString() }, 3_600],
    ['a duration', { 'x-ratelimit-reset-tokens': '2m30s' }, 150],
    ['the reset of a rate limit', { 'x-ratelimit-reset': '45' }, 45],
    ['more than a day, which is ignored', { 'retry-after': '90000' }, 12],
  ])('wait as the destination asks, by %s', async (_, headers, seconds) => {
    bench.destination.answers = [{ status: 429, headers }];
    const id = await publish();
    expect(Math.abs((await bench.secondsUntilRetry(id, 1)) - seconds)).toBeLessThan(20);
    await bench.client.messages.cancel(id);
  });

  it('end at once with 489 and its header', async () => {
    bench.destination.answers = [{ status: 489, headers: { 'upstash-nonretryable-error': 'true' } }];
    await bench.ended(await publish(), 'dead');
  });

  it('go on with 489 without its header', async () => {
    bench.destination.answers = [{ status: 489 }];
    const id = await publish();
    expect(await bench.secondsUntilRetry(id, 1)).toBeGreaterThan(5);
    await bench.client.messages.cancel(id);
  });

  it('follow no redirect', async () => {
    bench.destination.answers = [{ status: 302, headers: { location: '/elsewhere' } }];
    const id = await publish({ retries: 0 });
    await bench.ended(id, 'dead');
    expect(bench.destination.paths).toEqual(['/retry']);
  });

  it('count an answer that comes too late', async () => {
    const late = gate();
    bench.destination.answers = [{ status: 200, after: late.opened }];
    const id = await publish({ retries: 0, timeout: 1 });
    await bench.ended(id, 'dead');
    late.open();
    const [dead] = (await bench.client.dlq.listMessages({ filter: { messageId: id } })).messages;
    expect(dead).toMatchObject({ responseStatus: 0, responseBody: expect.stringMatching(/within 1 seconds/) });
  });

  it('tell each step in the events', async () => {
    bench.destination.answers = [{ status: 500, body: 'broken' }];
    const id = await publish({ retries: 1 });
    await bench.secondsUntilRetry(id, 1);
    await bench.makeDue(id);
    await bench.ended(id, 'delivered');
    const { logs } = await bench.client.logs({ filter: { messageId: id } });
    expect(logs.map(({ state }) => state).reverse()).toEqual(['CREATED', 'ACTIVE', 'ERROR', 'RETRY', 'ACTIVE', 'DELIVERED']);
    const first = await bench.client.logs({ filter: { messageId: id, count: 2 } });
    const second = await bench.client.logs({ filter: { messageId: id, count: 10 }, cursor: first.cursor });
    expect([...first.logs, ...second.logs].map(({ state }) => state)).toEqual(logs.map(({ state }) => state));
    expect(second.cursor).toBeUndefined();
  });

  it('begin again from the dead letters with new settings', async () => {
    bench.destination.answers = [{ status: 500 }];
    const id = await publish({ retries: 0 });
    await bench.ended(id, 'dead');
    const [dead] = (await bench.client.dlq.listMessages({ filter: { messageId: id } })).messages;
    const { status, body } = await bench.call('POST', `/v2/dlq/retry/${dead!.dlqId}`, undefined, { 'Upstash-Retries': '7', 'Upstash-Delay': '1h' });
    expect(status).toBe(201);
    const { messageId } = body as { messageId: string };
    expect(await bench.client.messages.get(messageId)).toMatchObject({ maxRetries: 7, url: `${bench.destination.origin}/retry` });
    expect((await bench.client.dlq.listMessages({ filter: { messageId: id } })).messages).toEqual([]);
    await bench.makeDue(messageId);
    await eventually('it was delivered', async () => bench.destination.received.length === 2);
  });
});
