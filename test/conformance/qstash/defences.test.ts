import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Receiver } from '@upstash/qstash';
import { hostname } from 'node:os';
import { startQStashServer } from '../../../src/qstash-server/server.js';
import { clientOf, Destination, QStashBench } from '../../support/qstash.js';
import { createTestDatabase } from '../../support/test-database.js';

describe('defences of the QStash server', () => {
  let bench: QStashBench;

  beforeAll(async () => {
    bench = await QStashBench.open({ readOnlyToken: 'only-for-reading' });
  });
  beforeEach(() => bench.destination.reset());
  afterAll(() => bench.close());

  const publishTo = (url: string): Promise<number> => bench.call('POST', `/v2/publish/${url}`, 'x').then(({ status }) => status);

  it.each([
    'http://169.254.169.254/latest', 'http://10.0.0.1/', 'http://192.168.1.1/', 'http://172.20.0.1/', 'http://[::1]/', 'http://[fd00::1]/', 'http://[::ffff:127.0.0.1]/',
    'http://2130706433/', 'http://0x7f.1/', 'http://localhost/', 'http://a.localhost/', 'http://0.0.0.0/', 'http://100.64.0.1/', 'http://[64:ff9b::7f00:1]/',
  ])('refuse the private address %s', async (url) => {
    expect(await publishTo(url)).toBe(403);
  });

  it('refuse private addresses in groups and schedules', async () => {
    await expect(bench.client.urlGroups.addEndpoints({ name: 'inside', endpoints: [{ url: 'http://10.0.0.1/' }] })).rejects.toThrow(/not public/);
    await expect(bench.client.schedules.create({ destination: 'http://10.0.0.1/', cron: '* * * * *' })).rejects.toThrow(/not public/);
  });

  it('refuse a name that leads to a private address', async () => {
    const { port } = new URL(bench.destination.origin);
    const { messageId } = await bench.client.publishJSON({ url: `http://${hostname()}:${port}/`, body: {}, retries: 0 });
    await bench.ended(messageId, 'dead');
    const [dead] = (await bench.client.dlq.listMessages({ filter: { messageId } })).messages;
    expect(dead!.responseBody).toMatch(/not public/);
    expect(bench.destination.received).toEqual([]);
  });

  it('let a reading token read only', async () => {
    const reader = { authorization: 'Bearer only-for-reading' };
    expect((await bench.call('GET', '/v2/queues', undefined, reader)).status).toBe(200);
    expect((await bench.call('DELETE', '/v2/messages', undefined, reader)).status).toBe(403);
    expect((await bench.call('GET', '/v2/queues', undefined, { authorization: 'Bearer guess' })).status).toBe(401);
  });

  it('refuse a message that is too large', async () => {
    expect((await bench.call('POST', `/v2/publish/${bench.destination.origin}`, 'x'.repeat(10_485_761))).status).toBe(413);
  });

  it('keep public keys on loopback', async () => {
    const database = await createTestDatabase('template0');
    const options = {
      databaseUrl: database.ownerUrl, port: 0, allowedOrigins: [],
      currentSigningKey: 'sig_7kYjw48mhY7kAjqNGcy6cr29RJ6r', nextSigningKey: 'sig_5ZB6DVzB1wjE8S6rZ7eenA8Pdnhs',
    };
    await expect(startQStashServer({ ...options, host: '0.0.0.0' })).rejects.toThrow(/only allowed on loopback/);
    const server = await startQStashServer(options);
    expect(server.currentSigningKey).toBe('sig_7kYjw48mhY7kAjqNGcy6cr29RJ6r');
    await server.stop();
    await database.drop();
  });

  it('send the world to a sink in tests', async () => {
    const database = await createTestDatabase('template0');
    const sink = await new Destination().open();
    const server = await startQStashServer({ databaseUrl: database.ownerUrl, port: 0, allowedOrigins: [], sink: sink.origin });
    await clientOf(server).publishJSON({ url: 'https://example.com/path?a=b', body: {} });
    const [delivery] = await sink.arrived(1);
    expect([delivery!.path, delivery!.headers.host]).toEqual(['/path?a=b', 'example.com']);
    const receiver = new Receiver({ currentSigningKey: server.currentSigningKey, nextSigningKey: server.nextSigningKey });
    expect(await receiver.verify({ signature: String(delivery!.headers['upstash-signature']), body: delivery!.body, url: 'https://example.com/path?a=b' })).toBe(true);
    await expect(clientOf(server).publishJSON({ url: sink.origin, body: {} })).rejects.toThrow(/not public/);
    await server.stop();
    sink.close();
    await database.drop();
  });

  it('refuse a sink that is not here', async () => {
    await expect(startQStashServer({ databaseUrl: bench.database.ownerUrl, port: 0, allowedOrigins: [], sink: 'http://example.com' })).rejects.toThrow(/loopback/);
  });
});
