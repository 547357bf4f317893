import { z } from 'zod';
import { defineJob } from '../../serverless-jobs/definition/define-job.js';

/** Seals the secrets of one workspace anew that were sealed with an older key, in chunks. */
export const resealSecrets = defineJob({ name: 'resealSecrets', payload: z.object({}) });
