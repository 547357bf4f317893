import { DiscoveryService } from '@nestjs/core';
import type { z } from 'zod';
import type { JsonObject } from '../../common/json.js';
import type { RunningJob } from '../runner/running-job.js';
import type { JobDefinition } from './define-job.js';

/** Marks the one class that does the work of a definition. It is found by this mark; there is no central list. */
export const JobHandler = DiscoveryService.createDecorator<JobDefinition>();

/**
 * Does the work of one kind. It runs at least once: effects belong into `job.complete`, `job.advance` or `job.transaction`,
 * which refuse once another attempt has taken over. A returned object becomes the result of work that has no effects of
 * its own in the database. Throw `NonRetryableError` where trying again cannot help, `RetryLaterError` to say when it may.
 */
export interface JobWork<Definition extends JobDefinition = JobDefinition> {
  handle(job: RunningJob, payload: z.output<Definition['payload']>): Promise<JsonObject | void>;
}
