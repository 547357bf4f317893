import { Transport } from '../serverless-jobs/transports/transport.js';
import { JobSweeper } from '../serverless-jobs/outbox/job-sweeper.js';
import type { PerchApplication } from './create-application.js';

/** Calls that the transport makes by the clock. The ids are fixed, so that another start arranges nothing twice. */
const SCHEDULES = [
  { id: 'perch-process-pending', cron: '*/5 * * * *', path: '/api/scheduled-job?task=process-pending' },
  { id: 'perch-daily', cron: '0 5 * * *', path: '/api/scheduled-job' },
] as const;

/** Arranges the schedules at the transport. A transport that does not answer is no reason not to start. */
export async function registerSchedules({ nest, logger }: PerchApplication): Promise<void> {
  const transport = nest.get(Transport, { strict: false });
  for (const { id, cron, path } of SCHEDULES) {
    await transport.schedule(id, cron, path).catch((error: unknown) => logger.error('a schedule could not be arranged', error, { id }));
  }
}

/** Takes up at once what an earlier process left unfinished. */
export async function sweepOnce({ nest, logger }: PerchApplication): Promise<void> {
  await nest.get(JobSweeper, { strict: false }).sweep().catch((error: unknown) => logger.error('the first sweep failed', error));
}
