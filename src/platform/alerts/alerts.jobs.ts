import { z } from 'zod';
import { defineJob } from '../../serverless-jobs/definition/define-job.js';

export const ALERT_KINDS = ['dead_letter', 'stuck_jobs'] as const;

/** Tells the people who run Perch about one kind of trouble; enqueued once a workspace, type of job and hour. */
export const sendAlert = defineJob({
  name: 'sendAlert',
  payload: z.object({ kind: z.enum(ALERT_KINDS), type: z.string().max(80), code: z.string().max(100), message: z.string().max(2_000), jobId: z.uuid() }),
  retries: 5,
  priority: 'high',
  timeout: 30_000,
});
