import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { readEnvironment } from '../../src/config/environment.js';
import { StuckJobAlarm } from '../../src/platform/alerts/stuck-job-alarm.js';
import { SweepAlarm } from '../../src/platform/alerts/sweep-alarm.js';
import { SweepWatch } from '../../src/platform/scheduled-tasks/sweep-watch.js';
import { AlertBench } from './alert-bench.js';

describe('alerts', () => {
  let bench: AlertBench;

  beforeAll(async () => {
    bench = await AlertBench.open();
  });
  beforeEach(async () => {
    for (const table of ['notification', 'background_job', 'system_heartbeat', 'mail_message']) await bench.database.query(`DELETE FROM ${table}`);
    bench.received.splice(0);
    bench.answers.splice(0);
  });
  afterAll(() => bench.close());

  const inbox = (): Promise<object[]> => bench.database.query(
    `SELECT m.role, n.kind, (n.body->>'count')::int AS count FROM notification n JOIN membership m ON m.user_id = n.user_id ORDER BY m.role, n.kind`);
  const alertJobs = async (): Promise<number> => (await bench.database.query("SELECT 1 FROM background_job WHERE type = 'sendAlert'")).length;

  it('of many dead letters are one that counts', async () => {
    const ids = await Promise.all(Array.from({ length: 12 }, () => bench.insertDoomed('unknownWork')));
    const outcomes = await Promise.all(ids.map((id) => bench.deliver(id)));
    expect(outcomes.every(({ kind }) => kind === 'dead')).toBe(true);
    expect(await inbox()).toEqual(['admin', 'owner'].map((role) => ({ role, kind: 'background_job_dead_letter', count: 12 })));
    expect(await alertJobs()).toBe(1);
    expect(await bench.deliverAll('sendAlert')).toEqual(['done']);
    expect(bench.received).toEqual([expect.objectContaining({ kind: 'dead_letter', type: 'unknownWork', code: 'UNKNOWN_JOB', count: 12 })]);
    expect(await bench.database.query('SELECT to_address AS to FROM mail_message')).toEqual([{ to: 'operator@example.com' }]);
  });

  it('are posted again, and mailed once', async () => {
    bench.answers.push(500);
    await bench.deliver(await bench.insertDoomed('unknownWork'));
    expect(await bench.deliverAll('sendAlert')).toEqual(['retry']);
    expect(await bench.deliverAll('sendAlert')).toEqual(['done']);
    expect(bench.received).toHaveLength(2);
    expect(bench.received[1]!['id']).toBe(bench.received[0]!['id']);
    expect(await bench.database.query('SELECT 1 FROM mail_message')).toHaveLength(1);
  });

  it('that fail raise no other', async () => {
    await bench.deliver(await bench.insertDoomed('unknownWork'));
    bench.answers.push(...Array.from({ length: 6 }, () => 500));
    for (let attempt = 0; attempt < 6; attempt++) await bench.deliverAll('sendAlert');
    expect(await bench.database.query("SELECT state FROM background_job WHERE type = 'sendAlert'")).toEqual([{ state: 'dead' }]);
    expect(await inbox()).toHaveLength(4);
  });

  it('of a failed mail are not mailed', async () => {
    await bench.database.query(`INSERT INTO background_job (id, workspace_id, type, payload, max_attempts, actor_type) VALUES (gen_random_uuid(), $1, 'sendMail', '{}', 1, 'system')`, [bench.context.workspace]);
    expect(await bench.deliverAll('sendMail')).toEqual(['dead']);
    expect(await bench.deliverAll('sendAlert')).toEqual(['done']);
    expect(await bench.database.query('SELECT 1 FROM mail_message')).toEqual([]);
    expect(bench.received).toHaveLength(1);
  });

  it('name jobs that no sweep helps', async () => {
    const id = await bench.insertDoomed('neverBegun');
    const alarm = bench.nest.get(StuckJobAlarm, { strict: false });
    await bench.database.query('UPDATE background_job SET sweeps = 10 WHERE id = $1', [id]);
    await alarm.raise();
    expect(await alertJobs()).toBe(0);
    await bench.database.query('UPDATE background_job SET sweeps = 11 WHERE id = $1', [id]);
    await alarm.raise();
    await alarm.raise();
    expect(await alertJobs()).toBe(1);
  });

  it('of a late sweep come once an hour', async () => {
    const alarm = bench.nest.get(SweepAlarm, { strict: false });
    await bench.ageSweep(9);
    await alarm.raiseWhenLate();
    expect(bench.received).toEqual([]);
    await bench.ageSweep(11);
    await Promise.all([alarm.raiseWhenLate(), alarm.raiseWhenLate()]);
    expect(bench.received).toEqual([expect.objectContaining({ kind: 'late_sweep' })]);
    await bench.database.query("UPDATE system_heartbeat SET at = at - interval '61 minutes' WHERE name = 'late sweep alert'");
    await alarm.raiseWhenLate();
    expect(bench.received).toHaveLength(2);
  });

  it('are not sent where others could read', () => {
    const problem = (url: string): string => {
      try {
        readEnvironment({ ALERT_WEBHOOK_URL: url });
        return 'taken';
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(['https://hooks.example.com/x', 'http://127.0.0.1:5/x', 'http://localhost/x'].map(problem)).toEqual(['taken', 'taken', 'taken']);
    for (const url of ['http://hooks.example.com/x', 'ftp://example.com', 'http://127.0.0.1.example.com/', 'nonsense']) expect(problem(url)).toContain('ALERT_WEBHOOK_URL');
  });

  it('are spared by a sweep after a request', async () => {
    await bench.ageSweep(3);
    const watch = bench.nest.get(SweepWatch, { strict: false });
    await watch.afterRequest();
    expect(watch.afterRequest()).toBeNull();
    expect(await bench.database.query("SELECT at > now() - interval '1 minute' AS fresh FROM system_heartbeat WHERE name = 'sweep'")).toEqual([{ fresh: true }]);
  });
});
