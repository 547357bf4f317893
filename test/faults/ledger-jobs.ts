import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { defineJob } from '../../src/serverless-jobs/definition/define-job.js';
import { defineWorkflow } from '../../src/serverless-jobs/definition/define-workflow.js';
import { JobHandler, type JobWork } from '../../src/serverless-jobs/definition/job-handler.js';
import type { RunningJob } from '../../src/serverless-jobs/runner/running-job.js';
import { WorkflowHandler, type WorkflowWork } from '../../src/serverless-jobs/workflows/workflow-handler.js';
import type { StepAttempt, WorkflowSteps } from '../../src/serverless-jobs/workflows/workflow-steps.js';

export const STEPS = 3;
/** Far more steps than can pass while somebody waits for a lock between two of them. */
export const LONG_STEPS = 1_000;

/** Work that may be told to fail or to take its process along, by its key. */
export const threeChunks = defineJob({ name: 'threeChunks', payload: z.object({ key: z.string() }), retries: 4, backoff: { base: 1_000, jitter: 0 }, concurrencyKey: ({ key }) => key });

/** The same work, which goes on however often its process dies. */
export const stubbornChunks = defineJob({ name: 'stubbornChunks', payload: z.object({ key: z.string() }), retries: 60, backoff: { base: 100, factor: 1, jitter: 0 } });

/** Stands still until it is woken and then fails. */
async function failLate(): Promise<never> {
  await new Promise<void>((done) => process.send!({ at: 'stop' }, () => done()));
  process.kill(process.pid, 'SIGSTOP');
  throw new Error('too late');
}

/** Three chunks (or a thousand), each with a line in the ledger; nothing in the ledger is unique, so that a doubled effect shows. */
@Injectable()
@JobHandler(threeChunks)
export class ThreeChunksHandler implements JobWork<typeof threeChunks> {
  async handle(job: RunningJob, { key }: { key: string }): Promise<void> {
    if (key.startsWith('poison throws')) throw new Error('poison');
    if (key.startsWith('poison kills')) process.kill(process.pid, 'SIGKILL');
    if (key.startsWith('fails late') && job.fence === 1) await failLate();
    const total = key.startsWith('long') ? LONG_STEPS : STEPS;
    for (let step = Number(job.cursor?.['next'] ?? 1); step <= total; step++) {
      await job.advance({ cursor: { next: step + 1 }, done: step, total }, async (manager) => {
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

@Injectable()
@JobHandler(stubbornChunks)
export class StubbornChunksHandler extends ThreeChunksHandler {}

const payload = z.object({ key: z.string() });
export const threeSteps = defineWorkflow({ name: 'threeSteps', payload, retries: 4, backoff: { base: 1_000, jitter: 0 } });
export const fiveSteps = defineWorkflow({ name: 'fiveSteps', payload, retries: 60, backoff: { base: 100, factor: 1, jitter: 0 } });

const write = (key: string, step: number) => (attempt: StepAttempt): Promise<number> => attempt.complete(async (manager) => {
  await manager.query('INSERT INTO ledger (key, step) VALUES ($1, $2)', [key, step]);
  return step;
});

/** The same three effects as steps of a workflow, and a last one beside the end. */
@Injectable()
@WorkflowHandler(threeSteps)
export class ThreeStepsWorkflow implements WorkflowWork<typeof threeSteps> {
  async run(step: WorkflowSteps, { key }: { key: string }): Promise<{ key: string }> {
    for (let number = 1; number <= STEPS; number++) await step.run(`step ${number}`, write(key, number));
    await step.run('step 0', write(key, 0));
    return { key };
  }
}

/** Two steps in a row, a sleep, two side by side, and one that is enqueued and waited for. */
@Injectable()
@WorkflowHandler(fiveSteps)
export class FiveStepsWorkflow implements WorkflowWork<typeof fiveSteps> {
  async run(step: WorkflowSteps, { key }: { key: string }): Promise<{ key: string }> {
    const options = { retries: 60, backoff: { base: 100, factor: 1, jitter: 0 } };
    await step.run('one', write(key, 1), options);
    await step.run('two', write(key, 2), options);
    await step.sleep('rest', 50);
    await step.all([() => step.run('three', write(key, 3), options), () => step.run('four', write(key, 4), options)]);
    await step.run('five', write(key, 5), options);
    return { key };
  }
}
