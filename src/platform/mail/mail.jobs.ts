import { z } from 'zod';
import { defineJob } from '../../serverless-jobs/definition/define-job.js';

/** Sends one mail. A busy or lost mail server is asked again for some four hours. */
export const sendMail = defineJob({
  name: 'sendMail',
  payload: z.object({ mailId: z.uuid() }),
  retries: 8,
  backoff: { base: 30_000 },
  timeout: 50_000,
});
