import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Receiver } from '@upstash/qstash';
import { QStashBench } from '../../support/qstash.js';

interface CallbackBody {
  readonly status: number;
  readonly body: string;
  readonly retried: number;
  readonly maxRetries: number;
  readonly sourceMessageId: string;
  readonly sourceBody: string;
  readonly dlqId?: string;
}

describe('callbacks of the QStash server', () => {
  let bench: QStashBench;
  const bodies = (path: string): CallbackBody[] => bench.destination.received.filter((each) => each.path === path).map(({ body }) => JSON.parse(body) as CallbackBody);
  const decoded = (text: string): string => Buffer.from(text, 'base64').toString();

  beforeAll(async () => {
    bench = await QStashBench.open();
  });
  beforeEach(() => bench.destination.reset());
  afterAll(() => bench.close());

  it('come after every attempt, signed', async () => {
    const { origin } = bench.destination;
    bench.destination.byPath.set('/work', [{ status: 500, body: 'broken' }, { status: 200, body: 'done' }]);
    const { messageId } = await bench.client.publishJSON({ url: `${origin}/work`, body: { a: 1 }, retries: 2, callback: `${origin}/callback` });
    await bench.destination.arrived(2);
    await bench.secondsUntilRetry(messageId, 1);
    await bench.makeDue(messageId);
    await bench.destination.arrived(4);
    const [first, second] = bodies('/callback');
    expect(first).toMatchObject({ status: 500, retried: 0, maxRetries: 2, sourceMessageId: messageId });
    expect(second).toMatchObject({ status: 200, retried: 1 });
    expect([decoded(first!.body), decoded(second!.body), decoded(first!.sourceBody)]).toEqual(['broken', 'done', '{"a":1}']);
    const callback = bench.destination.received.find(({ path }) => path === '/callback')!;
    const receiver = new Receiver({ currentSigningKey: bench.server.currentSigningKey, nextSigningKey: bench.server.nextSigningKey });
    expect(await receiver.verify({ signature: String(callback.headers['upstash-signature']), body: callback.body, url: `${origin}/callback` })).toBe(true);
  });

  it('tell of a failure once, with the dead letter', async () => {
    const { origin } = bench.destination;
    bench.destination.byPath.set('/work', [{ status: 500 }, { status: 503, body: 'gone' }]);
    const { messageId } = await bench.client.publishJSON({ url: `${origin}/work`, body: {}, retries: 1, failureCallback: `${origin}/failed` });
    await bench.secondsUntilRetry(messageId, 1);
    expect(bodies('/failed')).toEqual([]);
    await bench.makeDue(messageId);
    await bench.destination.arrived(3);
    const [dead] = (await bench.client.dlq.listMessages({ filter: { messageId } })).messages;
    expect(bodies('/failed')).toMatchObject([{ status: 503, retried: 1, sourceMessageId: messageId, dlqId: dead!.dlqId }]);
  });

  it('have settings of their own', async () => {
    const { origin } = bench.destination;
    await bench.client.publishJSON({
      url: `${origin}/work`, body: {}, callback: `${origin}/callback`,
      headers: { 'Upstash-Callback-Method': 'PUT', 'Upstash-Callback-Forward-Secret': 'of mine', 'Upstash-Callback-Retries': '0' },
    });
    await bench.destination.arrived(2);
    expect(bench.destination.received.find(({ path }) => path === '/callback')).toMatchObject({ method: 'PUT', headers: { secret: 'of mine' } });
  });

  it('cannot be delayed', async () => {
    const { origin } = bench.destination;
    await expect(bench.client.publishJSON({ url: origin, body: {}, callback: origin, headers: { 'Upstash-Callback-Delay': '5s' } })).rejects.toThrow(/delay/);
  });

  it('are retried and die as messages do', async () => {
    const { origin } = bench.destination;
    bench.destination.byPath.set('/callback', [{ status: 500 }]);
    await bench.client.publishJSON({ url: `${origin}/work`, body: {}, retries: 0, callback: `${origin}/callback` });
    await bench.destination.arrived(2);
    const [last] = await bench.database.query<{ id: string }>(`SELECT id FROM qstash.message WHERE url = $1 ORDER BY sequence DESC LIMIT 1`, [`${origin}/callback`]);
    await bench.ended(last!.id, 'dead');
  });

  it('cannot reach what is not allowed', async () => {
    await expect(bench.client.publishJSON({ url: bench.destination.origin, body: {}, callback: 'http://169.254.169.254/' })).rejects.toThrow(/not public/);
    await expect(bench.client.publishJSON({ url: bench.destination.origin, body: {}, failureCallback: 'http://127.0.0.1:1/' })).rejects.toThrow(/not public/);
  });
});
