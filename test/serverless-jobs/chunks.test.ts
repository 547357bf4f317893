import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { defineJob } from '../../src/serverless-jobs/definition/define-job.js';
import { JobHandler, type JobWork } from '../../src/serverless-jobs/definition/job-handler.js';
import { RetryLaterError } from '../../src/serverless-jobs/definition/retry-later-error.js';
import type { RunningJob } from '../../src/serverless-jobs/runner/running-job.js';
import { behaviours, failing, JobBench } from './job-bench.js';

const TOTAL = 10;
const chunked = defineJob({ name: 'chunked', payload: z.object({ label: z.string() }) });

/** Called before each chunk with its number. */
let beforeChunk: (chunk: number, job: RunningJob) => Promise<void> = async () => undefined;

@Injectable()
@JobHandler(chunked)
class ChunkedHandler implements JobWork<typeof chunked> {
  async handle(job: RunningJob, { label }: { label: string }): Promise<void> {
    for (let next = Number(job.cursor?.['next'] ?? 0); next < TOTAL; next++) {
      job.yieldIfDue();
      await beforeChunk(next, job);
      await job.advance({ cursor: { next: next + 1 }, done: next + 1, total: TOTAL, message: `Record ${next + 1}` }, async (manager) => {
        await manager.query('INSERT INTO effect (label, attempt) VALUES ($1, $2)', [label, next]);
      });
    }
  }
}

describe('chunked work', () => {
  let bench: JobBench;

  beforeAll(async () => {
    bench = await JobBench.open([ChunkedHandler]);
  });
  beforeEach(() => {
    beforeChunk = async () => undefined;
  });
  afterAll(() => bench.close());

  const enqueue = (label: string): Promise<string> => bench.jobs.enqueue(bench.context, chunked, { label });
  const everyChunkOnce = async (label: string): Promise<void> => {
    const effects = (await bench.effects(label)) as { attempt: number }[];
    expect(effects.map(({ attempt }) => attempt).sort((a, b) => a - b)).toEqual(Array.from({ length: TOTAL }, (_, index) => index));
  };

  it('goes on in another invocation before time is over', async () => {
    const id = await enqueue('yields');
    beforeChunk = async (chunk) => {
      // The invocation has 5.2 seconds and the reserve is 5: after the first chunk there is too little left.
      if (chunk === 0) await new Promise((done) => setTimeout(done, 300));
    };
    expect(await bench.deliver(id, { budget: 5_200 })).toEqual({ kind: 'yielded' });
    expect(await bench.job(id)).toMatchObject({ state: 'queued', percent: 10, cursor: { next: 1 }, counters: { done: 1, total: TOTAL, failed: 0 }, attempts: 0, wake: 1 });
    expect(bench.qstash.callsFor(id).map(({ body }) => body.wake)).toEqual([0, 1]);
    expect(await bench.deliver(id)).toEqual({ kind: 'done' });
    expect(await bench.job(id)).toMatchObject({ state: 'done', percent: 100, counters: { done: TOTAL, total: TOTAL, failed: 0 } });
    expect(await bench.outcomes(id)).toEqual(['yielded', 'done']);
    await everyChunkOnce('yields');
  });

  it('stops at a pause and goes on after it', async () => {
    const id = await enqueue('pauses');
    beforeChunk = async (chunk) => {
      if (chunk === 4) await bench.control.pause(bench.context, id);
    };
    expect(await bench.deliver(id)).toEqual({ kind: 'lost' });
    expect(await bench.job(id)).toMatchObject({ state: 'paused', percent: 40, cursor: { next: 4 } });
    expect(await bench.deliver(id)).toEqual({ kind: 'settled' });
    beforeChunk = async () => undefined;
    await bench.control.resume(bench.context, id);
    expect(await bench.deliver(id)).toEqual({ kind: 'done' });
    await everyChunkOnce('pauses');
  });

  it('ends at a cancel with what was done', async () => {
    const id = await enqueue('cancelled');
    beforeChunk = async (chunk) => {
      if (chunk === 3) await bench.control.cancel(bench.context, id);
    };
    expect(await bench.deliver(id)).toEqual({ kind: 'lost' });
    expect(await bench.job(id)).toMatchObject({ state: 'cancelled', counters: { done: 3, total: TOTAL, failed: 0 } });
    expect(await bench.effects('cancelled')).toHaveLength(3);
    expect(await bench.outcomes(id)).toEqual(['cancelled']);
    expect(await bench.deliver(id)).toEqual({ kind: 'settled' });
  });

  it('repeats only the chunk that failed', async () => {
    const id = await enqueue('fails');
    let failures = 0;
    beforeChunk = async (chunk) => {
      if (chunk === 6 && failures++ === 0) throw new Error('once');
    };
    expect(await bench.deliver(id)).toMatchObject({ kind: 'retry' });
    await bench.makeDue(id);
    expect(await bench.deliver(id)).toEqual({ kind: 'done' });
    await everyChunkOnce('fails');
  });
});

describe('what may be done to a job', () => {
  let bench: JobBench;

  beforeAll(async () => {
    bench = await JobBench.open([ChunkedHandler]);
  });
  beforeEach(() => void behaviours.splice(0));
  afterAll(() => bench.close());

  it('is moved and run now', async () => {
    const id = await bench.enqueue('moved', { delay: 60_000 });
    await bench.control.reschedule(bench.context, id, new Date(Date.now() + 3_600_000));
    expect((await bench.job(id)).dueIn).toBeGreaterThan(3_500_000);
    await bench.control.runNow(bench.context, id);
    expect(bench.qstash.callsFor(id).map(({ body }) => body.wake)).toEqual([0, 1, 2]);
    expect(await bench.deliver(id)).toEqual({ kind: 'done' });
    await expect(bench.control.runNow(bench.context, id)).rejects.toMatchObject({ code: 'JOB_STATE' });
    await expect(bench.control.cancel(bench.context, id)).rejects.toMatchObject({ code: 'JOB_STATE' });
  });

  it('is cancelled before it begins', async () => {
    const id = await bench.enqueue('not begun');
    await bench.control.cancel(bench.context, id);
    await bench.control.cancel(bench.context, id);
    expect(await bench.deliver(id)).toEqual({ kind: 'settled' });
    expect(await bench.effects('not begun')).toEqual([]);
  });

  it('is put away with a reason', async () => {
    behaviours.push(failing, failing, failing);
    const id = await bench.enqueue('put away');
    await expect(bench.control.discard(bench.context, id, 'no')).rejects.toMatchObject({ code: 'JOB_STATE' });
    for (let attempt = 0; attempt < 3; attempt++) {
      await bench.makeDue(id);
      await bench.deliver(id);
    }
    await expect(bench.control.discard(bench.context, id, ' ')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await bench.control.discard(bench.context, id, 'The file is gone.');
    expect((await bench.job(id)).state).toBe('discarded');
    await bench.control.retry(bench.context, id);
    expect(await bench.deliver(id)).toEqual({ kind: 'done' });
  });

  it('waits as long as the failure says', async () => {
    behaviours.push(async () => {
      throw new RetryLaterError('BUSY', 'Come back later.', 600_000);
    });
    const id = await bench.enqueue('told to wait');
    expect(await bench.deliver(id)).toEqual({ kind: 'retry', delay: 600_000 });
    expect((await bench.job(id)).dueIn).toBeGreaterThan(590_000);
  });

  it('keeps the lines of each attempt', async () => {
    behaviours.push(async (job) => {
      job.log('info', 'opening with Bearer abcdefghijklmnop', { token: 'hush', page: 3 });
      throw new Error('broken');
    });
    const id = await bench.enqueue('talks');
    await bench.deliver(id);
    const lines = await bench.database.query('SELECT fence, sequence, level, message, data FROM job_log WHERE background_job_id = $1 ORDER BY fence, sequence', [id]);
    expect(lines).toEqual([
      { fence: 1, sequence: 1, level: 'info', message: 'opening with Bearer [hidden]', data: { token: '[hidden]', page: 3 } },
      { fence: 1, sequence: 2, level: 'error', message: 'broken', data: { code: 'UNEXPECTED' } },
    ]);
  });

  it('answers a redelivery of a live attempt with a wait', async () => {
    let letGo = (): void => undefined;
    const begun = new Promise<void>((started) => behaviours.push(() => {
      started();
      return new Promise((done) => (letGo = done));
    }));
    const id = await bench.enqueue('redelivered');
    const first = bench.deliver(id, { messageId: 'm1' });
    await begun;
    expect(await bench.deliver(id, { messageId: 'm1' })).toMatchObject({ kind: 'wait' });
    expect(await bench.deliver(id, { messageId: 'm2' })).toEqual({ kind: 'settled' });
    letGo();
    expect(await first).toEqual({ kind: 'done' });
  });
});
