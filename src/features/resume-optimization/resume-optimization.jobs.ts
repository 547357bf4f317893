import { z } from 'zod';
import { defineWorkflow } from '../../serverless-jobs/definition/define-workflow.js';

/** Rewrites a resume for one job opening, section by section. */
export const optimizeResume = defineWorkflow({ name: 'optimizeResume', version: 1, payload: z.object({ variantId: z.uuid() }), retries: 5 });
