import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Client, Receiver } from '@upstash/qstash';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startQStashServer, type RunningQStash } from '../../../src/qstash-server/server.js';
import { eventually } from '../../support/eventually.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';

interface Received {
  readonly path: string;
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A destination that keeps what it gets and answers as it is told. */
class Destination {
  readonly received: Received[] = [];
  answers: { status: number; headers?: Record<string, string> }[] = [];
  private readonly server: Server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      this.received.push({ path: request.url!, method: request.method!, headers: request.headers, body });
      const { status, headers } = this.answers.shift() ?? { status: 200 };
      response.writeHead(status, headers).end('answer');
    });
  });

  async open(): Promise<this> {
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
    return this;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  arrived(count: number): Promise<Received[]> {
    return eventually(`${count} deliveries arrived`, async () => this.received.length >= count && this.received);
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

describe('the local QStash server', () => {
  let database: TestDatabase;
  let destination: Destination;
  let qstash: RunningQStash;
  let client: Client;

  const start = async (): Promise<void> => {
    qstash = await startQStashServer({ databaseUrl: database.ownerUrl, port: 0, allowedOrigins: [destination.origin] });
    client = new Client({ baseUrl: qstash.url, token: qstash.token, enableTelemetry: false, retry: false });
  };

  beforeAll(async () => {
    database = await createTestDatabase('template0');
    destination = await new Destination().open();
    await start();
  });
  beforeEach(() => {
    destination.received.length = 0;
    destination.answers = [];
  });
  afterAll(async () => {
    await qstash.stop();
    destination.close();
    await database.drop();
  });

  it('delivers JSON with a signature that verifies', async () => {
    const url = `${destination.origin}/a/path?with=query`;
    const { messageId } = await client.publishJSON({ url, body: { hello: 'wörld' }, headers: { 'my-header': 'mine' } });
    const [delivery] = await destination.arrived(1);
    expect(delivery).toMatchObject({ path: '/a/path?with=query', method: 'POST', body: '{"hello":"wörld"}' });
    expect(delivery!.headers).toMatchObject({ 'my-header': 'mine', 'content-type': 'application/json', 'upstash-message-id': messageId, 'upstash-retried': '0' });
    const receiver = new Receiver({ currentSigningKey: qstash.currentSigningKey, nextSigningKey: qstash.nextSigningKey });
    const signature = String(delivery!.headers['upstash-signature']);
    expect(await receiver.verify({ signature, body: delivery!.body, url })).toBe(true);
    await expect(receiver.verify({ signature, body: `${delivery!.body} `, url })).rejects.toThrow();
    await expect(receiver.verify({ signature, body: delivery!.body, url: `${destination.origin}/other` })).rejects.toThrow();
  });

  it('refuses a wrong token', async () => {
    const stranger = new Client({ baseUrl: qstash.url, token: 'wrong', enableTelemetry: false, retry: false });
    await expect(stranger.publishJSON({ url: destination.origin, body: {} })).rejects.toThrow(/unauthorized/);
  });

  it('refuses destinations that are not allowed', async () => {
    await expect(client.publishJSON({ url: 'http://169.254.169.254/latest', body: {} })).rejects.toThrow();
    await expect(client.publishJSON({ url: 'http://127.0.0.1:1/', body: {} })).rejects.toThrow();
  });

  it('delivers a batch in one call', async () => {
    const answers = await client.batchJSON([1, 2, 3].map((number) => ({ url: `${destination.origin}/batch`, body: { number } })));
    expect(new Set(answers.map((answer) => (answer as { messageId: string }).messageId)).size).toBe(3);
    const bodies = (await destination.arrived(3)).map(({ body }) => body);
    expect(bodies.sort()).toEqual(['{"number":1}', '{"number":2}', '{"number":3}']);
  });

  it('takes a deduplication id once', async () => {
    const publish = (): Promise<unknown> => client.publishJSON({ url: `${destination.origin}/dedup`, body: {}, deduplicationId: 'same' });
    expect(await publish()).not.toHaveProperty('deduplicated');
    expect(await publish()).toMatchObject({ deduplicated: true });
    await client.publishJSON({ url: `${destination.origin}/after`, body: {} });
    const paths = (await destination.arrived(2)).map(({ path }) => path);
    expect(paths.sort()).toEqual(['/after', '/dedup']);
  });

  it('tries again with the number of the try', async () => {
    destination.answers = [{ status: 500, headers: { 'retry-after': '1' } }, { status: 200 }];
    await client.publishJSON({ url: `${destination.origin}/retry`, body: {}, retries: 2 });
    expect((await destination.arrived(2)).map(({ headers }) => headers['upstash-retried'])).toEqual(['0', '1']);
  });

  it('buries what fails and delivers it on demand', async () => {
    destination.answers = [{ status: 489, headers: { 'upstash-nonretryable-error': 'true' } }];
    const { messageId } = await client.publishJSON({ url: `${destination.origin}/dead`, body: { is: 'dead' }, retries: 3 });
    const dead = await eventually('the message is in the DLQ', async () => (await client.dlq.listMessages()).messages.find((message) => message.messageId === messageId) ?? null);
    expect(dead).toMatchObject({ responseStatus: 489, body: '{"is":"dead"}' });
    expect(destination.received).toHaveLength(1);
    await client.dlq.delete(dead.dlqId);
    expect((await client.dlq.listMessages()).messages).toEqual([]);
  });

  it('holds a delayed message and lets it be cancelled', async () => {
    const { messageId } = await client.publishJSON({ url: `${destination.origin}/later`, body: {}, delay: '1h' });
    expect(await client.messages.get(messageId)).toMatchObject({ messageId, url: `${destination.origin}/later` });
    await client.messages.cancel(messageId);
    await expect(client.messages.get(messageId)).rejects.toThrow(/not found/i);
  });

  it('delivers a queue in order', async () => {
    await client.queue({ queueName: 'in-order' }).upsert({ parallelism: 1 });
    for (const number of [1, 2, 3, 4]) await client.queue({ queueName: 'in-order' }).enqueueJSON({ url: `${destination.origin}/queue`, body: { number } });
    expect((await destination.arrived(4)).map(({ body }) => (JSON.parse(body) as { number: number }).number)).toEqual([1, 2, 3, 4]);
    expect(await client.queue({ queueName: 'in-order' }).get()).toMatchObject({ name: 'in-order', parallelism: 1 });
    await client.queue({ queueName: 'in-order' }).delete();
  });

  it('keeps schedules by their id', async () => {
    const create = (cron: string): Promise<{ scheduleId: string }> => client.schedules.create({ destination: `${destination.origin}/cron`, cron, scheduleId: 'mine' });
    await create('0 5 * * *');
    await create('*/5 * * * *');
    expect(await client.schedules.list()).toMatchObject([{ scheduleId: 'mine', cron: '*/5 * * * *' }]);
    await client.schedules.pause({ schedule: 'mine' });
    expect(await client.schedules.get('mine')).toMatchObject({ isPaused: true });
    await client.schedules.resume({ schedule: 'mine' });
    await database.query("UPDATE qstash.schedule SET next_at = now() WHERE id = 'mine'");
    const [delivery] = await destination.arrived(1);
    expect(delivery!.headers['upstash-schedule-id']).toBe('mine');
    await client.schedules.delete('mine');
    expect(await client.schedules.list()).toEqual([]);
  });

  it('goes on after a restart', async () => {
    const { messageId } = await client.publishJSON({ url: `${destination.origin}/survivor`, body: {}, delay: '2s' });
    await qstash.stop();
    await start();
    const [delivery] = await destination.arrived(1);
    expect(delivery!.headers['upstash-message-id']).toBe(messageId);
  });

  it('rotates its signing keys', async () => {
    const response = await fetch(`${qstash.url}/v2/keys/rotate`, { method: 'POST', headers: { authorization: `Bearer ${qstash.token}` } });
    const rotated = (await response.json()) as { current: string; next: string };
    expect(rotated.current).toBe(qstash.nextSigningKey);
    await client.publishJSON({ url: `${destination.origin}/rotated`, body: {} });
    const [delivery] = await destination.arrived(1);
    const old = new Receiver({ currentSigningKey: qstash.currentSigningKey, nextSigningKey: qstash.nextSigningKey });
    expect(await old.verify({ signature: String(delivery!.headers['upstash-signature']), body: delivery!.body })).toBe(true);
  });
});
