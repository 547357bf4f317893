import { z } from 'zod';
import { defineJob } from '../../serverless-jobs/definition/define-job.js';

/** Deletes what one workspace no longer needs. */
export const cleanUpWorkspace = defineJob({ name: 'cleanUpWorkspace', payload: z.object({ day: z.string().regex(/^\d{4}-\d{2}-\d{2}$/) }) });
