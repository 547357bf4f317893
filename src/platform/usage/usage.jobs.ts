import { z } from 'zod';
import { defineJob } from '../../serverless-jobs/definition/define-job.js';

/** Notes what one workspace used on the days before the slot that are not noted yet, and warns where a limit comes near. */
export const meterUsage = defineJob({ name: 'meterUsage', payload: z.object({ slot: z.iso.datetime().optional() }), schedule: { cron: '20 0 * * *', timeZone: 'UTC' } });
