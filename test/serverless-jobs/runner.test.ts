import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { InfrastructureModule } from '../../src/infrastructure/infrastructure.module.js';
import { JobControlService } from '../../src/serverless-jobs/control/job-control.service.js';
import { JobSweeper } from '../../src/serverless-jobs/outbox/job-sweeper.js';
import { ServerlessJobService } from '../../src/serverless-jobs/serverless-job.service.js';
import { ServerlessJobsModule } from '../../src/serverless-jobs/serverless-jobs.module.js';
import { registryProblems } from '../../src/serverless-jobs/definition/job-registry.js';
import { behaviours, countJob, failing, JobBench, refusing } from './job-bench.js';

describe('background jobs', () => {
  let bench: JobBench;

  beforeAll(async () => {
    bench = await JobBench.open();
  });
  beforeEach(() => void behaviours.splice(0));
  afterAll(() => bench.close());

  it('have one effect under concurrent deliveries', async () => {
    const id = await bench.enqueue('storm');
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => bench.deliver(id)));
    expect(outcomes.filter(({ kind }) => kind === 'done')).toHaveLength(1);
    expect(outcomes.every(({ kind }) => ['done', 'settled'].includes(kind))).toBe(true);
    expect(await bench.deliver(id)).toEqual({ kind: 'settled' });
    expect(await bench.effects('storm')).toEqual([{ attempt: 1 }]);
  });

  it('vanish with the transaction that enqueued them', async () => {
    await expect(bench.write(async () => {
      await bench.enqueue('rolled back');
      throw new Error('no');
    })).rejects.toThrow('no');
    expect(await bench.database.query("SELECT 1 FROM background_job WHERE payload->>'label' = 'rolled back'")).toEqual([]);
  });

  it('refuse a wrong payload when enqueued', async () => {
    const jobs = bench.nest.get(ServerlessJobService);
    await expect(jobs.enqueue(bench.context, countJob, { label: 5 as unknown as string })).rejects.toMatchObject({ code: 'INVALID_JOB_PAYLOAD' });
    expect(await bench.database.query("SELECT 1 FROM background_job WHERE payload->>'label' = '5'")).toEqual([]);
  });

  it('exist once for a dedupe key', async () => {
    const ids = await Promise.all([1, 2, 3].map(() => bench.enqueue('once', { dedupeKey: 'once' })));
    expect(new Set(ids).size).toBe(1);
  });

  it('are tried again after a failure', async () => {
    behaviours.push(failing, failing);
    const id = await bench.enqueue('again');
    expect(await bench.deliver(id)).toMatchObject({ kind: 'retry' });
    expect(await bench.job(id)).toMatchObject({ state: 'queued', attempts: 1, errorMessage: expect.any(String), waits: true });
    expect(await bench.deliver(id)).toMatchObject({ kind: 'wait' });
    await bench.makeDue(id);
    const second = await bench.deliver(id);
    expect(second.kind === 'retry' && second.delay).toBeGreaterThan(10_000);
    await bench.makeDue(id);
    expect(await bench.deliver(id)).toEqual({ kind: 'done' });
    expect(await bench.outcomes(id)).toEqual(['retry', 'retry', 'done']);
    expect(await bench.effects('again')).toEqual([{ attempt: 3 }]);
  });

  it('die with their reason after the last attempt', async () => {
    behaviours.push(failing, failing, failing);
    const id = await bench.enqueue('dies');
    for (let attempt = 0; attempt < 2; attempt++) {
      await bench.deliver(id);
      await bench.makeDue(id);
    }
    expect(await bench.deliver(id)).toMatchObject({ kind: 'dead' });
    expect(await bench.job(id)).toMatchObject({ state: 'dead', attempts: 3 });
    expect(await bench.deliver(id)).toEqual({ kind: 'settled' });
    await bench.nest.get(JobControlService).retry(bench.context, id);
    expect(await bench.deliver(id)).toEqual({ kind: 'done' });
  });

  it('die at once when trying again cannot help', async () => {
    behaviours.push(refusing);
    const id = await bench.enqueue('never');
    expect(await bench.deliver(id)).toEqual({ kind: 'dead', code: 'NEVER', message: 'This can never work.' });
    expect(await bench.job(id)).toMatchObject({ state: 'dead', attempts: 1, errorCode: 'NEVER' });
    expect(await bench.effects('never')).toEqual([]);
  });

  it('pass on when their process is gone', async () => {
    let letGo = (): void => undefined;
    const begun = new Promise<void>((started) => behaviours.push(() => {
      started();
      return new Promise((done) => (letGo = done));
    }));
    const id = await bench.enqueue('fenced');
    const first = bench.deliver(id);
    await begun;
    expect(await bench.deliver(id)).toEqual({ kind: 'settled' });
    await bench.database.query("UPDATE background_job SET lease_until = now() - interval '1 second' WHERE id = $1", [id]);
    expect(await bench.deliver(id)).toEqual({ kind: 'done' });
    letGo();
    expect(await first).toEqual({ kind: 'lost' });
    expect(await bench.outcomes(id)).toEqual(['lost', 'done']);
    expect(await bench.effects('fenced')).toEqual([{ attempt: 2 }]);
  });

  it('are ended by their time limit', async () => {
    let aborted = false;
    // It tries to finish in the very moment of its end, before the runner has noted that it failed.
    behaviours.push((job) => new Promise((done, fail) => job.signal.addEventListener('abort', () => {
      aborted = true;
      job.complete(async (manager) => {
        await manager.query("INSERT INTO effect (label, attempt) VALUES ('slow', 1)");
        return {};
      }).then(done, fail);
    })));
    const id = await bench.enqueue('slow');
    expect(await bench.deliver(id)).toMatchObject({ kind: 'retry' });
    expect(aborted).toBe(true);
    expect(await bench.effects('slow')).toEqual([]);
  });

  it('of a newer version are left to it', async () => {
    const id = await bench.enqueue('newer');
    await bench.database.query("UPDATE background_job SET type = 'notYetKnown' WHERE id = $1", [id]);
    expect(await bench.deliver(id)).toEqual({ kind: 'suspended' });
    expect(await bench.job(id)).toMatchObject({ state: 'waiting', attempts: 0, waits: true });
    await bench.makeDue(id);
    await bench.database.query("UPDATE background_job SET type = 'count' WHERE id = $1", [id]);
    expect(await bench.deliver(id)).toEqual({ kind: 'done' });
    const never = await bench.enqueue('never known');
    await bench.database.query("UPDATE background_job SET type = 'neverKnown', fence = 120 WHERE id = $1", [never]);
    expect(await bench.deliver(never)).toMatchObject({ kind: 'dead', code: 'UNKNOWN_JOB' });
  });

  it('are found when they were never delivered', async () => {
    const id = await bench.enqueue('lost message');
    await bench.database.query("UPDATE background_job SET state = 'done' WHERE id <> $1", [id]);
    const sweeper = bench.nest.get(JobSweeper);
    expect(await sweeper.sweep()).toBe(0);
    await bench.database.query("UPDATE background_job SET created_at = now() - interval '10 seconds', run_at = now() - interval '10 seconds', published_at = NULL WHERE id = $1", [id]);
    expect((await Promise.all([sweeper.sweep(), sweeper.sweep()])).sort()).toEqual([0, 1]);
  });
});

describe('the start', () => {
  it('fails for a job without handler', async () => {
    @Module({ imports: [InfrastructureModule, ServerlessJobsModule] })
    class Incomplete {}
    const bench = await JobBench.open();
    await expect(NestFactory.createApplicationContext(Incomplete, { logger: false, abortOnError: false })).rejects.toThrow('the background job "count" has no handler');
    await bench.close();
  });

  it('names missing and doubled handlers', () => {
    expect(registryProblems(['a', 'b'], ['a', 'b'])).toEqual([]);
    expect(registryProblems(['a', 'b'], ['b', 'b'])).toEqual(['the background job "a" has no handler', 'the background job "b" has 2 handlers']);
  });
});
