import { z } from 'zod';
import { defineWorkflow } from '../../../serverless-jobs/definition/define-workflow.js';

const HOUR_MS = 3_600_000;
const wait = z.int().min(1).max(90 * 24 * HOUR_MS);

/** Sees an approval of an offer through to its end. Times are milliseconds since it was asked for. */
export const offerApproval = defineWorkflow({
  name: 'offerApproval',
  version: 1,
  payload: z.object({
    offerId: z.uuid(),
    approvalId: z.uuid(),
    remindAfter: wait.default(4 * HOUR_MS),
    escalateAfter: wait.default(12 * HOUR_MS),
    expireAfter: wait.default(24 * HOUR_MS),
  }).refine(({ remindAfter, escalateAfter, expireAfter }) => remindAfter < escalateAfter && escalateAfter < expireAfter, 'a reminder comes before the escalation, and that before the end'),
  retries: 3,
});

export const APPROVAL_TIME_MS = 24 * HOUR_MS;
