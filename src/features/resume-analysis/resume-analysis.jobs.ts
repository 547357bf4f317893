import { z } from 'zod';
import { defineJob } from '../../serverless-jobs/definition/define-job.js';

/** Reads the resume of an application into a record and scores it against the job opening. */
export const analyzeResume = defineJob({
  name: 'analyzeResume',
  payload: z.object({ applicationId: z.uuid(), documentId: z.uuid() }),
  retries: 3,
  timeout: 30_000,
});
