import type { INestApplicationContext } from '@nestjs/common';
import { Logger } from '../infrastructure/logging/logger.js';
import { JobSweeper } from '../serverless-jobs/outbox/job-sweeper.js';
import { JobAttemptService } from '../serverless-jobs/runner/job-attempt.service.js';
import { BullMQConsumer } from '../serverless-jobs/transports/bullmq-consumer.js';

const SWEEP_EVERY_MS = 60_000;
/** Longest time that jobs under way may take after a stop; what is left is taken over when its lease ends. */
const DRAIN_LIMIT_MS = 10_000;

/** A worker of the transport BullMQ. */
export interface RunningWorker {
  stop(): Promise<void>;
}

async function sweep(nest: INestApplicationContext): Promise<void> {
  await nest.get(JobSweeper, { strict: false }).sweep()
    .catch((error: unknown) => nest.get(Logger, { strict: false }).error('a sweep failed', error));
}

/**
 * Takes up to `concurrency` jobs at once and sweeps every minute, so that work goes on where nobody else calls the sweep.
 * Several workers share the work. Throws where REDIS_URL is missing; waits for Redis where it is away.
 */
export async function startWorker(nest: INestApplicationContext, concurrency: number): Promise<RunningWorker> {
  const consuming = await nest.get(BullMQConsumer, { strict: false }).start(concurrency);
  const timer = setInterval(() => void sweep(nest), SWEEP_EVERY_MS);
  void sweep(nest);
  return {
    stop: async () => {
      clearInterval(timer);
      nest.get(JobAttemptService, { strict: false }).stopSoon();
      let limit: NodeJS.Timeout | undefined;
      await Promise.race([consuming.stop(), new Promise((done) => (limit = setTimeout(done, DRAIN_LIMIT_MS)))]);
      clearTimeout(limit);
    },
  };
}
