import { z } from 'zod';
import { defineJob } from '../../serverless-jobs/definition/define-job.js';

/** Compares the files of one workspace with the rows that name them. */
export const sweepFiles = defineJob({ name: 'sweepFiles', payload: z.object({}), schedule: { cron: '30 4 * * *', timeZone: 'UTC' } });
