import { z } from 'zod';
import { MOST_SCANS } from '../../infrastructure/documents/recognition/recognized-page.js';
import { defineJob } from '../../serverless-jobs/definition/define-job.js';

/** Reads the resume of an application into a record and scores it against the job opening. */
export const analyzeResume = defineJob({
  name: 'analyzeResume',
  payload: z.object({ applicationId: z.uuid(), documentId: z.uuid() }),
  retries: 3,
  timeout: 30_000,
});

/** Recognises the text of a scanned resume, a page at a time, and has it analysed then. `pages` are numbers from 1. */
export const recognizeResume = defineJob({
  name: 'recognizeResume',
  payload: z.object({ applicationId: z.uuid(), documentId: z.uuid(), pages: z.array(z.int().min(1)).min(1).max(MOST_SCANS) }),
  retries: 3,
  timeout: 55_000,
});
