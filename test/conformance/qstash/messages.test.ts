import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { QStashBench } from '../../support/qstash.js';

describe('messages of the QStash server', () => {
  let bench: QStashBench;

  beforeAll(async () => {
    bench = await QStashBench.open();
  });
  beforeEach(async () => {
    bench.destination.reset();
    await bench.client.messages.cancel({ all: true });
  });
  afterAll(() => bench.close());

  const later = async (options: object = {}): Promise<string> => (await bench.client.publishJSON({ url: `${bench.destination.origin}/later`, body: {}, delay: '1h', ...options })).messageId;

  /** A publish whose path no client library touches. */
  const rawPublish = (destination: string): Promise<number> => new Promise((done, fail) => {
    const { port } = new URL(bench.server.url);
    request({ port, host: '127.0.0.1', method: 'POST', path: `/v2/publish/${destination}`, headers: { authorization: `Bearer ${bench.server.token}` } }, (response) => done(response.resume().statusCode!)).once('error', fail).end('raw');
  });

  it('keep their address as it is written', async () => {
    expect(await rawPublish(`${bench.destination.origin}//a//b/../c?x=1&url=https://example.com//y`)).toBe(201);
    await bench.destination.arrived(1);
    expect(bench.destination.paths[0]).toContain('?x=1&url=https://example.com//y');
    expect(bench.destination.paths[0]).toMatch(/^\/\/a\/\//);
  });

  it('take settings from the query', async () => {
    expect(await rawPublish(`${bench.destination.origin}/q?a=1&upstash-forward-mine=yes&qstash_token=secret`)).toBe(201);
    const [delivery] = await bench.destination.arrived(1);
    expect([delivery!.path, delivery!.headers['mine']]).toEqual(['/q?a=1', 'yes']);
  });

  it('are deduplicated when they come together', async () => {
    const together = await Promise.all(Array.from({ length: 20 }, () => later({ deduplicationId: 'together' })));
    expect(new Set(together).size).toBe(1);
    expect((await bench.database.query('SELECT 1 FROM qstash.message WHERE id = $1', [together[0]]))).toHaveLength(1);
  });

  it('do not suffer from a broken one', async () => {
    await bench.database.query("ALTER TABLE qstash.message ADD CONSTRAINT planted CHECK (url NOT LIKE '%/broken')");
    const broken = rawPublish(`${bench.destination.origin}/broken`);
    const [refused, ...accepted] = await Promise.all([broken, ...Array.from({ length: 20 }, () => later())]);
    await bench.database.query('ALTER TABLE qstash.message DROP CONSTRAINT planted');
    expect(refused).toBe(500);
    expect(new Set(accepted).size).toBe(20);
  });

  it('are cancelled by ids in a body', async () => {
    const [first, second] = [await later(), await later()];
    const { body } = await bench.call('DELETE', '/v2/messages', JSON.stringify({ messageIds: [first] }), { 'content-type': 'application/json' });
    expect(body).toEqual({ cancelled: 1 });
    expect(await bench.client.messages.get(second)).toMatchObject({ messageId: second });
  });

  it('are not all cancelled by mistake', async () => {
    const id = await later();
    for (const [path, body] of [['/v2/messages?unknown=1', ''], ['/v2/messages', '{"ids":[]}'], ['/v2/messages', 'nonsense'], ['/v2/messages', '[]']] as const) {
      expect((await bench.call('DELETE', path, body)).status).toBe(400);
    }
    expect((await bench.call('DELETE', '/v2/messages', '{"messageIds":[]}')).body).toEqual({ cancelled: 0 });
    expect(await bench.client.messages.get(id)).toMatchObject({ messageId: id });
  });

  it.each<readonly [string, object, object]>([
    ['label', { label: ['blue', 'red'] }, { label: 'red' }],
    ['queue', { queueName: 'filtered' }, { queueName: 'filtered' }],
    ['flow-control key', { flowControl: { key: 'filtered', parallelism: 1 } }, { flowControlKey: ['other', 'filtered'] }],
    ['path', { url: 'PATH' }, { path: '/of/its/own' }],
    ['time', {}, { fromDate: 0, toDate: new Date('2100-01-01'), path: '/later' }],
  ])('are cancelled by %s', async (name, options, filter) => {
    const kept = name === 'time' ? null : await later({ label: 'green' });
    const chosen = { ...options, ...('url' in options ? { url: `${bench.destination.origin}/of/its/own?x` } : {}) };
    if ('queueName' in options) await bench.client.queue({ queueName: 'filtered' }).enqueueJSON({ url: bench.destination.origin, body: {}, delay: '1h' });
    else await later(chosen);
    expect(await bench.client.messages.cancel({ filter: filter as { label: string } })).toEqual({ cancelled: 1 });
    if (kept !== null) expect(await bench.client.messages.get(kept)).toMatchObject({ messageId: kept });
  });

  it('are duplicates within the window only', async () => {
    const publish = (): Promise<{ deduplicated?: boolean; messageId: string }> => bench.client.publishJSON({ url: bench.destination.origin, body: {}, deduplicationId: 'window' });
    const first = await publish();
    expect(await publish()).toMatchObject({ deduplicated: true, messageId: first.messageId });
    await bench.database.query(`UPDATE qstash.deduplication SET expires_at = now() - interval '1 second'`);
    expect((await publish()).messageId).not.toBe(first.messageId);
    await bench.destination.arrived(2);
  });

  it('are duplicates by their content', async () => {
    const publish = (body: object, headers = {}): Promise<{ deduplicated?: boolean }> => bench.client.publishJSON({ url: bench.destination.origin, body, headers, contentBasedDeduplication: true });
    expect(await publish({ a: 1 })).not.toHaveProperty('deduplicated');
    expect(await publish({ a: 2 })).not.toHaveProperty('deduplicated');
    expect(await publish({ a: 1 }, { other: 'header' })).not.toHaveProperty('deduplicated');
    expect(await publish({ a: 1 })).toMatchObject({ deduplicated: true });
    await bench.destination.arrived(3);
  });

  it('show what is redacted as a hash', async () => {
    const { messageId } = await bench.client.publish({ url: `${bench.destination.origin}/secret`, body: 'secret', headers: { key: 'mine', open: 'yes' }, redact: { body: true, header: ['Key'] } });
    const [delivery] = await bench.destination.arrived(1);
    expect([delivery!.body, delivery!.headers['key']]).toEqual(['secret', 'mine']);
    const hash = (text: string): string => `REDACTED:${createHash('sha256').update(text).digest('hex')}`;
    const shown = await bench.client.messages.get(messageId);
    expect([shown.body, shown.header?.['Key'], shown.header?.['Open']]).toEqual([hash('secret'), [hash('mine')], ['yes']]);
    const { logs } = await bench.client.logs({ filter: { messageId } });
    expect(Buffer.from(logs[0]!.body!, 'base64').toString()).toBe(hash('secret'));
  });

  it('run now when somebody asks', async () => {
    const id = await later({ delay: '300d' });
    expect((await bench.call('POST', `/v2/messages/${id}/retry`)).status).toBe(200);
    await bench.destination.arrived(1);
    expect((await bench.call('POST', '/v2/messages/msg_unknown/retry')).status).toBe(404);
  });

  it('reach each endpoint of a group', async () => {
    const { origin } = bench.destination;
    await bench.client.urlGroups.addEndpoints({ name: 'group', endpoints: [{ name: 'one', url: `${origin}/1` }, { url: `${origin}/2` }] });
    const answers = await bench.client.publishJSON({ urlGroup: 'group', body: {} });
    expect(answers.map(({ url }) => url)).toEqual([`${origin}/1`, `${origin}/2`]);
    await bench.destination.arrived(2);
    expect(bench.destination.received[0]!.headers['upstash-topic-name']).toBe('group');
    expect(await bench.client.messages.get(answers[0]!.messageId)).toMatchObject({ topicName: 'group', endpointName: 'one' });
    const batch = await bench.client.batchJSON([{ urlGroup: 'group', body: {} }, { url: origin, body: {} }]);
    expect(batch.map((answer) => (Array.isArray(answer) ? answer.length : 1))).toEqual([2, 1]);
    await bench.client.urlGroups.removeEndpoints({ name: 'group', endpoints: [{ name: 'one' }, { url: `${origin}/2` }] });
    expect((await bench.client.urlGroups.list()).map(({ name }) => name)).not.toContain('group');
  });

  it('are refused one by one in a batch', async () => {
    const { status, body } = await bench.call('POST', '/v2/batch', JSON.stringify([{ destination: 'nothing/known' }, { destination: bench.destination.origin, body: 'fine' }, null]));
    expect(status).toBe(200);
    expect(body).toEqual([{ error: expect.any(String) }, expect.objectContaining({ messageId: expect.any(String) }), { error: expect.any(String) }]);
    expect((await bench.call('POST', '/v2/batch', '[{')).status).toBe(400);
  });

  it('refuse an unknown filter of dead letters', async () => {
    expect((await bench.call('GET', '/v2/dlq?nonsense=1')).status).toBe(400);
    expect((await bench.call('GET', '/v2/events?nonsense=1')).status).toBe(400);
  });

  it.each<readonly [string, Record<string, string>, number]>([
    ['more retries than there are', { 'upstash-retries': '101' }, 412],
    ['a delay beyond a year', { 'upstash-delay': '400d' }, 412],
    ['a delay that is none', { 'upstash-delay': 'soon' }, 400],
    ['a method that is none', { 'upstash-method': 'BREW' }, 400],
    ['a timeout beyond two hours', { 'upstash-timeout': '3h' }, 412],
    ['a flow control without a limit', { 'upstash-flow-control-key': 'k' }, 400],
    ['a redaction of something else', { 'upstash-redact-fields': 'url' }, 400],
  ])('refuse %s', async (_, headers, status) => {
    expect((await bench.call('POST', `/v2/publish/${bench.destination.origin}`, 'x', headers)).status).toBe(status);
  });
});
