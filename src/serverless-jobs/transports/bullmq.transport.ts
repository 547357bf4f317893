import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { ENVIRONMENT } from '../../config/environment.token.js';
import type { Environment } from '../../config/environment.js';
import { Logger } from '../../infrastructure/logging/logger.js';
import { PRIORITY_NUMBERS } from '../definition/define-job.js';
import { Transport, type WakeUp } from './transport.js';

export const QUEUE_NAME = 'perch-jobs';
/** Names of the two kinds of message: a wake-up call, and a call of a path by the clock. */
export const CALL = 'call';
export const CLOCK = 'clock';
const CONNECT_LIMIT_MS = 1_000;
/** Deliveries again where the runner cannot reach the database; a failure of the work itself is retried by its row. */
const RETRIES = { attempts: 3, backoff: { type: 'exponential', delay: 1_000 } } as const;
/** Ids are kept for an hour, so that a repetition is dropped. */
const KEPT = { removeOnComplete: { age: 3_600, count: 10_000 }, removeOnFail: { age: 86_400, count: 10_000 } } as const;

interface Opened {
  readonly client: Redis;
  readonly queue: Queue;
}

/** Sends wake-up calls through BullMQ on Redis, to those who run `perch worker`. One queue for all: urgent calls are taken first. */
@Injectable()
export class BullMQTransport extends Transport implements OnModuleDestroy {
  private opened: Promise<Opened> | null = null;

  constructor(
    @Inject(ENVIRONMENT) private readonly environment: Environment,
    @Inject(Logger) private readonly logger: Logger,
  ) {
    super();
  }

  async publish(calls: readonly WakeUp[]): Promise<string[]> {
    const { queue } = await this.open();
    const messages = await queue.addBulk(calls.map(({ id, body, runAt, priority }) => ({
      name: CALL, data: body, opts: { jobId: id, priority: PRIORITY_NUMBERS[priority], delay: Math.max(0, runAt.getTime() - Date.now()), ...RETRIES, ...KEPT },
    })));
    return messages.map(({ id }) => id!);
  }

  /** Nothing of BullMQ arrives over HTTP. */
  async verify(): Promise<boolean> {
    return false;
  }

  /** The worker makes these calls, with the CRON_SECRET. */
  async schedule(id: string, cron: string, path: string): Promise<void> {
    const { queue } = await this.open();
    await queue.upsertJobScheduler(id, { pattern: cron, tz: 'UTC' }, { name: CLOCK, data: { path }, opts: { ...RETRIES, ...KEPT } });
  }

  async onModuleDestroy(): Promise<void> {
    const opened = await this.opened?.catch(() => null);
    this.opened = null;
    if (!opened) return;
    await opened.queue.close().catch(() => undefined);
    opened.client.disconnect();
  }

  /** A connection that fails at once where Redis is away, instead of keeping a request waiting; the next call tries again. */
  private open(): Promise<Opened> {
    this.opened ??= this.connect().catch((error: unknown) => {
      this.opened = null;
      throw error;
    });
    return this.opened;
  }

  private async connect(): Promise<Opened> {
    const { redisUrl } = this.environment;
    if (redisUrl === null) throw new Error('REDIS_URL is missing; jobs of the transport bullmq wait until it is set.');
    const [{ Redis: Client }, { Queue: BullQueue }] = await Promise.all([import('ioredis'), import('bullmq')]);
    const client = new Client(redisUrl, { lazyConnect: true, maxRetriesPerRequest: 1, enableOfflineQueue: false, connectTimeout: CONNECT_LIMIT_MS, commandTimeout: CONNECT_LIMIT_MS * 3 });
    client.on('error', (error: unknown) => this.logger.warn('redis is not reachable', { error: String(error) }));
    try {
      await client.connect();
      const queue = new BullQueue(QUEUE_NAME, { connection: client });
      queue.on('error', (error) => this.logger.warn('the queue of background jobs has a problem', { error: String(error) }));
      return { client, queue };
    } catch (error) {
      client.disconnect();
      throw error;
    }
  }
}
