import { Inject, Injectable } from '@nestjs/common';
import type { Job, Worker } from 'bullmq';
import { ENVIRONMENT } from '../../config/environment.token.js';
import type { Environment } from '../../config/environment.js';
import { Logger } from '../../infrastructure/logging/logger.js';
import { readWakeUp } from '../runner/wake-up-message.js';
import { WakeUpRunner } from '../runner/wake-up-runner.js';
import { CLOCK, QUEUE_NAME } from './bullmq.transport.js';
import { callDoor } from './call-door.js';

/** A consumer at work. */
export interface Consuming {
  /** Takes nothing more and resolves when what is under way has ended. */
  stop(): Promise<void>;
}

/** Takes wake-up calls from BullMQ and hands them to the runner. Any number of processes may do so at the same time. */
@Injectable()
export class BullMQConsumer {
  constructor(
    @Inject(ENVIRONMENT) private readonly environment: Environment,
    @Inject(WakeUpRunner) private readonly runner: WakeUpRunner,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  /** Begins to take up to `concurrency` calls at once. Waits for Redis as long as it is away. Throws where REDIS_URL is missing. */
  async start(concurrency: number): Promise<Consuming> {
    const { redisUrl } = this.environment;
    if (redisUrl === null) throw new Error('REDIS_URL is missing; a worker takes its jobs from there.');
    const { DelayedError, Worker: BullWorker } = await import('bullmq');
    const worker: Worker = new BullWorker(QUEUE_NAME, async (message: Job, token?: string) => {
      const seconds = await this.take(message);
      if (seconds === null) return;
      await message.moveToDelayed(Date.now() + seconds * 1_000, token);
      throw new DelayedError();
    }, { connection: { url: redisUrl, maxRetriesPerRequest: null }, concurrency });
    worker.on('error', (error) => this.logger.warn('the worker has a problem with redis', { error: String(error) }));
    worker.on('failed', (message, error) => this.logger.error('a call was not handled', error, { call: message?.id ?? null }));
    await worker.waitUntilReady();
    return { stop: () => worker.close() };
  }

  /** Handles one message; the seconds after which it is to be delivered again, null for never. Throws when the database is away. */
  private async take(message: Job): Promise<number | null> {
    if (message.name === CLOCK) {
      await callDoor(this.environment, String((message.data as { path: string }).path));
      return null;
    }
    const outcome = await this.runner.receive(readWakeUp(message.data), { transport: 'bullmq', messageId: message.id ?? null });
    return outcome.kind === 'wait' ? outcome.seconds : null;
  }
}
