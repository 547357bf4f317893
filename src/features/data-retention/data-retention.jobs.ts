import { z } from 'zod';
import { defineJob } from '../../serverless-jobs/definition/define-job.js';

/** Deletes what one workspace no longer needs, in chunks. */
export const cleanUpWorkspace = defineJob({ name: 'cleanUpWorkspace', version: 2, payload: z.object({}), schedule: { cron: '0 5 * * *', timeZone: 'UTC' } });
