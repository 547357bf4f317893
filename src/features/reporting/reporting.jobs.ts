import { z } from 'zod';
import { defineJob } from '../../serverless-jobs/definition/define-job.js';

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

/** Tells one user what happened in the last 24 hours. */
export const sendDailyDigest = defineJob({ name: 'sendDailyDigest', payload: z.object({ userId: z.uuid(), day }) });

/** Counts one workspace's applications of one day. */
export const aggregateMetrics = defineJob({ name: 'aggregateMetrics', payload: z.object({ day }) });
