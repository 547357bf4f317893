import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { defineJob } from '../../src/serverless-jobs/definition/define-job.js';
import { JobHandler, type JobWork } from '../../src/serverless-jobs/definition/job-handler.js';
import type { RunningJob } from '../../src/serverless-jobs/runner/running-job.js';

export const STEPS = 3;

/** Work that may be told to fail or to take its process along, by its key. */
export const threeChunks = defineJob({ name: 'threeChunks', payload: z.object({ key: z.string() }), retries: 4, backoff: { base: 1_000, jitter: 0 }, concurrencyKey: ({ key }) => key });

/** Stands still until it is woken and then fails. */
async function failLate(): Promise<never> {
  await new Promise<void>((done) => process.send!({ at: 'stop' }, () => done()));
  process.kill(process.pid, 'SIGSTOP');
  throw new Error('too late');
}

/** Three chunks, each with a line in the ledger; nothing in the ledger is unique, so that a doubled effect shows. */
@Injectable()
@JobHandler(threeChunks)
export class ThreeChunksHandler implements JobWork<typeof threeChunks> {
  async handle(job: RunningJob, { key }: { key: string }): Promise<void> {
    if (key.startsWith('poison throws')) throw new Error('poison');
    if (key.startsWith('poison kills')) process.kill(process.pid, 'SIGKILL');
    if (key.startsWith('fails late') && job.fence === 1) await failLate();
    for (let step = Number(job.cursor?.['next'] ?? 1); step <= STEPS; step++) {
      await job.advance({ cursor: { next: step + 1 }, done: step, total: STEPS }, async (manager) => {
        await manager.query('INSERT INTO ledger (key, step) VALUES ($1, $2)', [key, step]);
      });
      // As if an invocation had time for one chunk only.
      if (key.startsWith('short')) job.yieldIfDue(Number.POSITIVE_INFINITY);
    }
    await job.complete(async (manager) => {
      await manager.query('INSERT INTO ledger (key, step) VALUES ($1, 0)', [key]);
      return { key };
    });
  }
}
