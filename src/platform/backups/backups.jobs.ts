import { z } from 'zod';
import { defineJob } from '../../serverless-jobs/definition/define-job.js';

/** Saves the whole installation, reads the backup back and deletes those whose time is over. An attempt goes on until its invocation ends. */
export const backupDatabase = defineJob({
  name: 'backupDatabase',
  payload: z.object({}),
  retries: 5,
  timeout: 900_000,
  priority: 'low',
  concurrencyKey: () => 'backup',
  schedule: { cron: '15 2 * * *', timeZone: 'UTC', once: true },
});
