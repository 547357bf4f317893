import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { eventually } from '../../support/eventually.js';
import type { Probe } from './probe.js';
import { TransportBench } from './transport-bench.js';

const PERCH = fileURLToPath(new URL('../../../../scripts/perch.mjs', import.meta.url));
const MIRROR = 'mirror:qstash+bullmq';

describe('the mirror', () => {
  let bench: TransportBench;
  let door: Probe;
  let worker: Probe;

  /** `perch jobs compare`: its exit code and what it printed. */
  const compare = (): Promise<{ code: number; text: string }> => new Promise((done) => {
    const { PATH, HOME } = process.env;
    execFile(process.execPath, [PERCH, 'jobs', 'compare', '--hours', '1'], { env: { PATH, HOME, DATABASE_URL: bench.database.applicationUrl, LOG_LEVEL: 'error', PERCH_SECRET: 'a-secret-that-only-the-tests-know-0123456789' } },
      (error, stdout, stderr) => done({ code: error ? Number(error.code) : 0, text: stdout + stderr }));
  });
  const delivered = (transport: string, count: number): Promise<boolean> => eventually(`${count} deliveries by ${transport}`, async () => {
    const [row] = await bench.database.query<{ count: number }>('SELECT count(delivered_at)::int AS count FROM job_delivery WHERE transport = $1', [transport]);
    return row!.count >= count;
  });

  beforeAll(async () => {
    bench = await TransportBench.open('qstash', 'redis');
    door = await bench.start('http', MIRROR);
    worker = await bench.start('worker', MIRROR);
  });
  afterAll(() => bench.close());

  it('says when there is nothing', async () => {
    expect(await compare()).toEqual({ code: 0, text: 'Nothing was mirrored in the last 1 hours.\n' });
  });

  it('lets only the first have effects', async () => {
    await bench.done(await door.enqueue({ label: 'first' }));
    await delivered('bullmq', 1);
    await bench.database.query('DELETE FROM job_delivery');
    const ids = await door.enqueue({ label: 'a' }, { label: 'b' }, { label: 'c' });
    expect(await bench.done(ids)).toEqual([1, 1, 1]);
    await delivered('bullmq', 3);
    await delivered('qstash', 3);
    expect(await bench.database.query('SELECT 1 FROM begun WHERE pid = $1', [worker.pid])).toEqual([]);
    const { code, text } = await compare();
    expect(text).toMatch(/qstash +effects +3 +3 +0 +0 +0 /);
    expect(text).toMatch(/bullmq +shadow +3 +3 +0 +0 +0 [\s\S]*No differences/);
    expect(code).toBe(0);
  });

  it('tells what the shadow lost', async () => {
    await worker.end('SIGKILL');
    const ids = await door.enqueue({ label: 'alone' });
    expect(await bench.done(ids)).toEqual([1]);
    await bench.database.query("UPDATE job_delivery SET due_at = due_at - interval '2 minutes' WHERE background_job_id = $1", ids);
    const { code, text } = await compare();
    expect(text).toContain(`bullmq missing ${ids[0]}-0 probe, due `);
    expect(code).toBe(1);
  });

  it('goes on without the shadow', async () => {
    await bench.database.query('DELETE FROM job_delivery');
    await bench.break('redis');
    const ids = await door.enqueue({ label: 'broken' });
    expect(await bench.done(ids)).toEqual([1]);
    const refused = await eventually('the refusal is noted', async () => {
      const { text } = await compare();
      return text.includes('bullmq refused') && text;
    });
    expect(refused).toMatch(/bullmq +shadow +0 +0 +1 /);
  });

  it('tells what the shadow doubled', async () => {
    await bench.database.query("UPDATE job_delivery SET published_at = now(), delivered_at = now(), deliveries = 2 WHERE transport = 'bullmq'");
    const { code, text } = await compare();
    expect(text).toContain('bullmq doubled');
    expect(code).toBe(1);
  });
});
