import { z } from 'zod';
import { defineWorkflow } from '../../../serverless-jobs/definition/define-workflow.js';

export const MAX_REMINDERS = 10;

/** Sends the mails of an outreach one after the other until the candidate answers. */
export const candidateOutreach = defineWorkflow({
  name: 'candidateOutreach',
  version: 1,
  payload: z.object({ outreachId: z.uuid(), candidateId: z.uuid(), mails: z.int().min(1).max(MAX_REMINDERS + 1) }),
  retries: 3,
});
