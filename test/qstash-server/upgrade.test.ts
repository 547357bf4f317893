import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SCHEMA_STEPS } from '../../src/qstash-server/schema-steps.js';
import { startQStashServer } from '../../src/qstash-server/server.js';
import { clientOf, Destination } from '../support/qstash.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

describe('a database of the first server', () => {
  let database: TestDatabase;
  let destination: Destination;

  beforeAll(async () => {
    database = await createTestDatabase('template0');
    destination = await new Destination().open();
  });
  afterAll(async () => {
    destination.close();
    await database.drop();
  });

  it('keeps its messages, schedules and keys', async () => {
    await database.query(SCHEMA_STEPS[0]!);
    await database.query(`
      INSERT INTO qstash.setting (name, value) VALUES ('token', 'dG9rZW4='), ('current', 'sig_a'), ('next', 'sig_b');
      INSERT INTO qstash.queue (name, parallelism) VALUES ('old', 2);
      INSERT INTO qstash.message (id, url, method, headers, body, max_retries, timeout_seconds, not_before, attempt_at, queue_name, label)
        VALUES ('msg_old', '${destination.origin}/old', 'PUT', '{"X-Mine":["yes"]}', 'body', 2, 30, now(), now(), 'old', 'a,b');
      INSERT INTO qstash.schedule (id, cron, url, method, headers, body, max_retries, delay_ms, next_at)
        VALUES ('scd_old', '0 5 * * *', '${destination.origin}/cron', 'POST', '{}', 'tick', 5, 2000, now() + interval '1 day');`);
    const options = { databaseUrl: database.ownerUrl, port: 0, allowedOrigins: [destination.origin] };
    const server = await startQStashServer(options);
    expect([server.token, server.currentSigningKey, server.nextSigningKey]).toEqual(['dG9rZW4=', 'sig_a', 'sig_b']);
    const [delivery] = await destination.arrived(1);
    expect(delivery).toMatchObject({ path: '/old', method: 'PUT', body: 'body', headers: { 'x-mine': 'yes', 'upstash-label': 'a,b' } });
    expect(await clientOf(server).schedules.get('scd_old')).toMatchObject({ cron: '0 5 * * *', retries: 5, delay: 2, body: 'tick' });
    await server.stop();
    await (await startQStashServer(options)).stop();
    expect(await database.query(`SELECT value FROM qstash.setting WHERE name = 'schema_version'`)).toEqual([{ value: String(SCHEMA_STEPS.length) }]);
  });

  it('of a newer server is left alone', async () => {
    await database.query(`UPDATE qstash.setting SET value = '99' WHERE name = 'schema_version'`);
    await expect(startQStashServer({ databaseUrl: database.ownerUrl, port: 0, allowedOrigins: [] })).rejects.toThrow(/version 99/);
  });
});
