import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { eventually } from '../../support/eventually.js';
import { QStashBench } from '../../support/qstash.js';

const SECRET = 'the-secret-of-this-test';
const hash = (text: string): string => `REDACTED:${createHash('sha256').update(text).digest('hex')}`;

describe('redaction by the QStash server', () => {
  let bench: QStashBench;

  beforeAll(async () => {
    bench = await QStashBench.open();
  });
  beforeEach(() => bench.destination.reset());
  afterAll(() => bench.close());

  const redact = { body: true as const, header: ['Authorization'] };

  /** All that the API shows, with base64 read. */
  async function shown(): Promise<string> {
    const texts: string[] = [];
    const read = (value: unknown): void => {
      if (typeof value === 'string') texts.push(value, Buffer.from(value, 'base64').toString('utf8'));
      else if (typeof value === 'object' && value !== null) Object.values(value).forEach(read);
    };
    const ids = await bench.database.query<{ id: string }>('SELECT id FROM qstash.message');
    for (const path of ['events?count=1000', 'logs?count=1000', 'dlq', 'schedules', ...ids.map(({ id }) => `messages/${id}`)]) read((await bench.call('GET', `/v2/${path}`)).body);
    return texts.join('\n');
  }

  it('hides a message, its callbacks and dead letters', async () => {
    const { origin } = bench.destination;
    bench.destination.byPath.set('/fails', [{ status: 500 }]).set('/callback', [{ status: 500 }]).set('/failed', [{ status: 500 }]);
    await bench.client.publish({
      url: `${origin}/fails`, body: SECRET, headers: { Authorization: SECRET, 'Upstash-Callback-Forward-Authorization': SECRET, 'Upstash-Callback-Retries': '0', 'Upstash-Failure-Callback-Retries': '0' },
      redact, retries: 0, callback: `${origin}/callback`, failureCallback: `${origin}/failed`,
    });
    await bench.destination.arrived(3);
    await eventually('three are dead', async () => (await bench.client.dlq.listMessages()).messages.length === 3);
    expect(await shown()).not.toContain(SECRET);
    const [message] = (await bench.client.dlq.listMessages({ filter: { url: `${origin}/fails` } })).messages;
    expect([message!.body, message!.header?.['Authorization']]).toEqual([hash(SECRET), [hash(SECRET)]]);
    const callback = bench.destination.received.find(({ path }) => path === '/callback')!;
    expect(Buffer.from((JSON.parse(callback.body) as { sourceBody: string }).sourceBody, 'base64').toString()).toBe(SECRET);
    expect(callback.headers['authorization']).toBe(SECRET);
  });

  it('delivers the original after a retry', async () => {
    const { dlqId } = (await bench.client.dlq.listMessages({ filter: { url: `${bench.destination.origin}/fails` } })).messages[0]!;
    await bench.client.dlq.retry(dlqId);
    const delivery = (await bench.destination.arrived(1)).find(({ path }) => path === '/fails')!;
    expect([delivery.body, delivery.headers['authorization']]).toEqual([SECRET, SECRET]);
    expect(await shown()).not.toContain(SECRET);
  });

  it('holds for a schedule and its messages', async () => {
    const { scheduleId } = await bench.client.schedules.create({ destination: `${bench.destination.origin}/scheduled`, cron: '* * * * *', body: SECRET, headers: { Authorization: SECRET }, redact });
    expect(await bench.client.schedules.get(scheduleId)).toMatchObject({ body: hash(SECRET), header: { Authorization: [hash(SECRET)] } });
    await bench.database.query('UPDATE qstash.schedule SET next_at = now()');
    await bench.database.query(`SELECT pg_notify('qstash_due', '')`);
    expect((await bench.destination.arrived(1))[0]!.body).toBe(SECRET);
    expect(await shown()).not.toContain(SECRET);
  });

  it('takes both spellings of the headers', async () => {
    for (const [fields, other] of [['headers', hash('open')], ['headers[Authorization]', 'open']] as const) {
      const headers = { 'upstash-redact-fields': fields, 'upstash-forward-authorization': SECRET, 'upstash-forward-other': 'open', 'upstash-delay': '1h' };
      const { messageId } = (await bench.call('POST', `/v2/publish/${bench.destination.origin}`, 'x', headers)).body as { messageId: string };
      expect(await bench.client.messages.get(messageId)).toMatchObject({ header: { Authorization: [hash(SECRET)], Other: [other] } });
    }
  });
});
