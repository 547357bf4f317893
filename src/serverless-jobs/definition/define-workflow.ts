import type { z } from 'zod';
import { register, type JobDefinition, type JobOptions } from './define-job.js';

/** The most that one invocation of a workflow may take; the budget of the process ends it earlier. */
const LONGEST_INVOCATION_MS = 900_000;

/**
 * Declares a durable workflow: enqueued, retried, cancelled and paused as any job, but its work is divided into steps that
 * are done once each. `version` grows when steps of runs that are under way change.
 *
 * @example export const offerApproval = defineWorkflow({ name: 'offerApproval', version: 1, payload: z.object({ offerId: z.uuid() }) });
 */
export const defineWorkflow = <Payload extends z.ZodType>(options: JobOptions<Payload>): JobDefinition<Payload> =>
  register({ timeout: LONGEST_INVOCATION_MS, ...options }, 'workflow');
