import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { eventually } from '../../support/eventually.js';
import { Destination, gate, startQStashProcess, type QStashProcess } from '../../support/qstash.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';

describe('processes of the QStash server', () => {
  let database: TestDatabase;
  let destination: Destination;
  const processes: QStashProcess[] = [];

  const start = async (): Promise<QStashProcess> => {
    const started = await startQStashProcess(database.ownerUrl, destination.origin);
    processes.push(started);
    return started;
  };

  beforeAll(async () => {
    database = await createTestDatabase('template0');
    destination = await new Destination().open();
  });
  beforeEach(() => destination.reset());
  afterEach(async () => {
    for (const each of processes.splice(0)) await each.kill();
    // What the killed processes had not committed would be delivered to the next test.
    await database.query(`UPDATE qstash.message SET state = 'cancelled', lease_token = NULL, occupies = false WHERE state = 'waiting'`);
  });
  afterAll(async () => {
    destination.close();
    await database.drop();
  });

  const lapse = (): Promise<object[]> => database.query(`UPDATE qstash.message SET lease_until = now() - interval '1 second' WHERE lease_token IS NOT NULL`);

  it('deliver again what was not committed', async () => {
    const killed = await start();
    const holder = new pg.Client({ connectionString: database.ownerUrl });
    await holder.connect();
    const answer = gate();
    destination.answers = [{ status: 200, after: answer.opened }];
    const { messageId } = await killed.client.publishJSON({ url: `${destination.origin}/once-more`, body: { a: 1 } });
    await destination.arrived(1);
    // The row is held, so that the answer arrives and its commit cannot.
    await holder.query('BEGIN');
    await holder.query('SELECT 1 FROM qstash.message WHERE id = $1 FOR UPDATE', [messageId]);
    answer.open();
    await eventually('the commit waits', async () => (await database.query(`SELECT 1 FROM pg_stat_activity WHERE application_name = 'qstash-server' AND wait_event_type = 'Lock'`)).length > 0);
    await killed.kill('SIGKILL');
    // The server of the database ends the statement of a client that is gone only when it next looks.
    await database.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'qstash-server' AND datname = current_database()`);
    await holder.query('ROLLBACK');
    await holder.end();
    expect(await database.query(`SELECT state FROM qstash.message WHERE id = $1`, [messageId])).toEqual([{ state: 'waiting' }]);
    const next = await start();
    await lapse();
    const [first, second] = await destination.arrived(2);
    expect([second!.headers['upstash-message-id'], second!.headers['upstash-retried'], second!.body]).toEqual([messageId, '0', first!.body]);
    await eventually('it is delivered', async () => (await next.client.logs({ filter: { messageId, state: 'DELIVERED' } })).logs.length === 1);
  });

  it('keep their timers when they are killed', async () => {
    const first = await start();
    const begin = Date.now();
    const { messageId } = await first.client.publishJSON({ url: `${destination.origin}/timer`, body: {}, delay: '3s' });
    await first.kill('SIGKILL');
    await start();
    const [delivery] = await destination.arrived(1);
    expect(delivery!.headers['upstash-message-id']).toBe(messageId);
    expect(Date.now() - begin).toBeGreaterThanOrEqual(2_950);
  });

  it('share the work and do nothing twice', async () => {
    const [first] = [await start(), await start()];
    const slow = gate();
    destination.answers = Array.from({ length: 150 }, () => ({ status: 200, after: slow.opened }));
    const messages = Array.from({ length: 150 }, (_, index) => ({ url: `${destination.origin}/${index}`, body: {} }));
    await first!.client.batchJSON(messages);
    // One process has at most 100 under way: more than that is the work of two.
    await eventually('both work', async () => destination.underWay === 150);
    slow.open();
    await eventually('all are delivered', async () => (await database.query(`SELECT 1 FROM qstash.message WHERE state = 'waiting'`)).length === 0);
    expect(new Set(destination.paths).size).toBe(150);
    expect(destination.received).toHaveLength(150);
  });

  it('keep the order of a queue between them', async () => {
    const [first, second] = [await start(), await start()];
    for (let number = 0; number < 20; number++) {
      await (number % 2 === 0 ? first! : second!).client.queue({ queueName: 'shared' }).enqueueJSON({ url: `${destination.origin}/${number}`, body: {} });
    }
    await destination.arrived(20);
    expect(destination.paths).toEqual(Array.from({ length: 20 }, (_, number) => `/${number}`));
    expect(destination.mostUnderWay).toBe(1);
  });

  it('keep the limit of a key between them', async () => {
    const [first, second] = [await start(), await start()];
    const messages = Array.from({ length: 20 }, (_, index) => ({ url: `${destination.origin}/${index}`, body: {}, flowControl: { key: 'shared', parallelism: 3 } }));
    await Promise.all([first!.client.batchJSON(messages), second!.client.batchJSON(messages)]);
    await destination.arrived(40);
    expect(destination.mostUnderWay).toBeLessThanOrEqual(3);
  });
});
