import { z } from 'zod';
import { defineJob } from '../../serverless-jobs/definition/define-job.js';

/** The time that the work belongs to; the moment of the attempt where it is missing. */
const slot = z.iso.datetime().optional();

/** Tells each member of a workspace what happened in the last 24 hours. */
export const sendDailyDigest = defineJob({ name: 'sendDailyDigest', version: 2, payload: z.object({ slot }), schedule: { cron: '0 7 * * *' } });

/** Counts one workspace's applications of the day before the slot, which is complete. */
export const aggregateMetrics = defineJob({ name: 'aggregateMetrics', version: 2, payload: z.object({ slot }), schedule: { cron: '30 0 * * *' } });
