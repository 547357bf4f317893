import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { systemContext } from '../../src/common/request-context.js';
import { defineJob } from '../../src/serverless-jobs/definition/define-job.js';
import { JobHandler, type JobWork } from '../../src/serverless-jobs/definition/job-handler.js';
import { JobSweeper } from '../../src/serverless-jobs/outbox/job-sweeper.js';
import { countJob, JobBench, OTHER_WORKSPACE } from './job-bench.js';

const payload = z.object({ id: z.string(), text: z.string().default('') });
const debounced = defineJob({ name: 'debounced', payload, debounce: { wait: 10_000, maxWait: 60_000, key: ({ id }) => id } });
const throttled = defineJob({ name: 'throttled', payload, throttle: { period: 3_600_000, key: ({ id }) => id } });
const keyed = defineJob({ name: 'keyed', payload, dedupeKey: ({ id }) => id });

@Injectable()
@JobHandler(debounced)
class DebouncedHandler implements JobWork { async handle(): Promise<void> {} }
@Injectable()
@JobHandler(throttled)
class ThrottledHandler implements JobWork { async handle(): Promise<void> {} }
@Injectable()
@JobHandler(keyed)
class KeyedHandler implements JobWork { async handle(): Promise<void> {} }

describe('enqueueing', () => {
  let bench: JobBench;

  beforeAll(async () => {
    bench = await JobBench.open([DebouncedHandler, ThrottledHandler, KeyedHandler]);
  });
  afterAll(() => bench.close());

  const countRows = async (type: string): Promise<number> => (await bench.database.query<{ count: number }>('SELECT count(*)::int AS count FROM background_job WHERE type = $1', [type]))[0]!.count;

  it('publishes one call after the commit', async () => {
    let before = -1;
    const id = await bench.write(async () => {
      const made = await bench.enqueue('one');
      before = bench.qstash.callsFor(made).length;
      return made;
    });
    expect(before).toBe(0);
    expect(bench.qstash.callsFor(id)).toMatchObject([{ body: { jobId: id, wake: 0 }, headers: { 'upstash-deduplication-id': `${id}-0` } }]);
    expect(bench.qstash.callsFor(id)[0]!.headers).not.toHaveProperty('upstash-not-before');
  });

  it('keeps delays and times', async () => {
    const later = await bench.enqueue('later', { delay: 60_000 });
    expect((await bench.job(later)).dueIn).toBeGreaterThan(55_000);
    const at = await bench.enqueue('at', { at: new Date(Date.now() + 120_000) });
    expect((await bench.job(at)).dueIn).toBeGreaterThan(110_000);
    const sent = Number(bench.qstash.callsFor(at)[0]!.headers['upstash-not-before']);
    expect(sent).toBeGreaterThan(Date.now() / 1_000 + 110);
    await expect(bench.enqueue('never', { delay: 400 * 86_400_000 })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('takes ten thousand in one call', async () => {
    const begin = performance.now();
    const ids = await bench.jobs.enqueueMany(bench.context, countJob, Array.from({ length: 10_000 }, (_, index) => ({ label: `many ${index}` })));
    const milliseconds = performance.now() - begin;
    expect(new Set(ids).size).toBe(10_000);
    expect(bench.qstash.drains.length).toBeGreaterThan(0);
    expect(bench.qstash.drains.length).toBeLessThanOrEqual(100);
    expect(milliseconds).toBeLessThan(15_000);
    expect(await bench.nest.get(JobSweeper).sweep()).toBe(0);
    await bench.database.query("DELETE FROM background_job WHERE payload->>'label' LIKE 'many %'");
  });

  it('refuses all when one payload is wrong', async () => {
    const payloads = [{ label: 'right' }, { label: 'wrong'.repeat(50) }];
    await expect(bench.jobs.enqueueMany(bench.context, countJob, payloads)).rejects.toMatchObject({ code: 'INVALID_JOB_PAYLOAD' });
    await expect(bench.enqueue('nul \u0000 byte')).rejects.toMatchObject({ code: 'INVALID_JOB_PAYLOAD' });
    expect(await bench.database.query("SELECT 1 FROM background_job WHERE payload->>'label' = 'right'")).toEqual([]);
  });

  it('knows the key of the definition', async () => {
    const enqueue = (id: string): Promise<string> => bench.jobs.enqueue(bench.context, keyed, { id });
    const first = await enqueue('a');
    expect(await enqueue('a')).toBe(first);
    expect(await bench.jobs.enqueueMany(bench.context, keyed, [{ id: 'a' }, { id: 'b' }, { id: 'b' }])).toEqual([first, expect.any(String), expect.any(String)]);
    expect(await countRows('keyed')).toBe(2);
    expect(await bench.jobs.enqueue(systemContext(OTHER_WORKSPACE), keyed, { id: 'a' })).not.toBe(first);
  });

  it('makes repeated requests one debounced job', async () => {
    const enqueue = (text: string): Promise<string> => bench.jobs.enqueue(bench.context, debounced, { id: 'x', text });
    const first = await enqueue('early');
    expect(await enqueue('late')).toBe(first);
    expect(bench.qstash.callsFor(first).map(({ body }) => body.wake)).toEqual([0, 1]);
    expect(await bench.database.query("SELECT payload->>'text' AS text FROM background_job WHERE id = $1", [first])).toEqual([{ text: 'late' }]);
    await bench.database.query("UPDATE background_job SET created_at = now() - interval '55 seconds' WHERE id = $1", [first]);
    await enqueue('last');
    expect((await bench.job(first)).dueIn).toBeLessThan(6_000);
    await bench.makeDue(first);
    expect(await bench.deliver(first)).toEqual({ kind: 'done' });
    expect(await enqueue('next')).not.toBe(first);
  });

  it('drops what a throttle does not let through', async () => {
    const ids = await Promise.all(['1', '2', '3'].map((text) => bench.jobs.enqueue(bench.context, throttled, { id: 'y', text })));
    expect(new Set(ids).size).toBe(1);
    expect(await bench.jobs.enqueue(bench.context, throttled, { id: 'z' })).not.toBe(ids[0]);
  });

  it('accepts work while the transport is down', async () => {
    for (const mood of ['refuses', 'answers late'] as const) {
      bench.qstash.mood = mood;
      const id = await bench.enqueue(mood);
      bench.qstash.mood = 'accepts';
      await bench.database.query("UPDATE background_job SET created_at = now() - interval '1 minute', run_at = now() - interval '1 minute' WHERE id = $1", [id]);
      expect(await bench.nest.get(JobSweeper).sweepByReason()).toMatchObject({ 'never sent': expect.any(Number) });
      expect(bench.qstash.callsFor(id).at(-1)!.body.wake).toBe(1);
      expect(await bench.deliver(id)).toEqual({ kind: 'done' });
    }
  });
});
