import { z } from 'zod';
import { defineJob } from '../../serverless-jobs/definition/define-job.js';
import { JOB_FILTER } from './background-job.filter.js';

export const BULK_ACTIONS = ['retry', 'discard', 'cancel'] as const;
export type BulkAction = (typeof BULK_ACTIONS)[number];

/** Does the same to all background jobs that fit a filter and were created before a time. One at a time in a workspace. */
export const changeBackgroundJobs = defineJob({
  name: 'changeBackgroundJobs',
  payload: z.object({
    action: z.enum(BULK_ACTIONS), reason: z.string().nullable(), filter: JOB_FILTER, before: z.iso.datetime({ offset: true }),
    /** Whether the text of the filter is looked for in payloads: the right of the person who asked. */
    searchPayload: z.boolean(),
  }),
  concurrencyKey: () => 'changeBackgroundJobs',
});
