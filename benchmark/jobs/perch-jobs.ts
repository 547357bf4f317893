import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { JsonObject } from '../../src/common/json.js';
import { defineJob } from '../../src/serverless-jobs/definition/define-job.js';
import { defineWorkflow } from '../../src/serverless-jobs/definition/define-workflow.js';
import { JobHandler, type JobWork } from '../../src/serverless-jobs/definition/job-handler.js';
import { WorkflowHandler, type WorkflowWork } from '../../src/serverless-jobs/workflows/workflow-handler.js';
import type { WorkflowSteps } from '../../src/serverless-jobs/workflows/workflow-steps.js';

export const noOp = defineJob({ name: 'noOp', payload: z.object({ index: z.number() }) });
export const threeSteps = defineWorkflow({ name: 'threeSteps', payload: z.object({ index: z.number() }) });

@Injectable()
@JobHandler(noOp)
export class NoOpHandler implements JobWork<typeof noOp> {
  async handle(): Promise<void> {}
}

@Injectable()
@WorkflowHandler(threeSteps)
export class ThreeStepsHandler implements WorkflowWork<typeof threeSteps> {
  async run(step: WorkflowSteps, { index }: { index: number }): Promise<JsonObject> {
    const first = await step.run('first', async () => index + 1);
    const second = await step.run('second', async () => first + 1);
    return { third: await step.run('third', async () => second + 1) };
  }
}
