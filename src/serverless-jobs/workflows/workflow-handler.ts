import { DiscoveryService } from '@nestjs/core';
import type { z } from 'zod';
import type { JsonObject } from '../../common/json.js';
import type { JobDefinition } from '../definition/define-job.js';
import type { WorkflowRun, WorkflowSteps } from './workflow-steps.js';

/** Marks the one class that holds the steps of a workflow definition. It is found by this mark; there is no central list. */
export const WorkflowHandler = DiscoveryService.createDecorator<JobDefinition>();

/**
 * The steps of one kind of workflow, as a plain asynchronous function. It is run from the top each time that the run goes
 * on, with the results of the steps that are done; so it must ask for the same steps in the same way each time and keep
 * clocks, random numbers and reads of the database inside steps. Parallel branches belong into `step.all`, not into
 * Promise.all or Promise.race. A returned object becomes the result of the run.
 */
export interface WorkflowWork<Definition extends JobDefinition = JobDefinition> {
  run(step: WorkflowSteps, payload: z.output<Definition['payload']>, run: WorkflowRun): Promise<JsonObject | void>;
}
