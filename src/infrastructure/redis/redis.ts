import type { Redis } from 'ioredis';
import type { Logger } from '../logging/logger.js';

/**
 * The shared Redis connection, opened on first use and only where REDIS_URL is set. Perch works without it: whoever asks
 * must take null for an answer, and a lost connection never fails a request.
 */
export class RedisConnection {
  private client: Promise<Redis> | null = null;

  constructor(
    private readonly url: string | null,
    private readonly logger: Logger,
  ) {}

  /** Whether there should be a Redis; it may be away. */
  get isSet(): boolean {
    return this.url !== null;
  }

  async find(): Promise<Redis | null> {
    if (this.url === null) return null;
    this.client ??= this.connect(this.url);
    return this.client;
  }

  /** A connection for one caller, who may block it and has to disconnect it; null where Redis is not set or does not answer. It is not mended. */
  async openAnother(): Promise<Redis | null> {
    const shared = await this.find();
    if (shared === null || shared.status !== 'ready') return null;
    const client = shared.duplicate({ retryStrategy: () => null });
    client.on('error', () => undefined);
    const connected = await client.connect().then(() => true, () => false);
    if (connected) return client;
    client.disconnect();
    return null;
  }

  async close(): Promise<void> {
    (await this.client)?.disconnect();
    this.client = null;
  }

  private async connect(url: string): Promise<Redis> {
    const { Redis: Client } = await import('ioredis');
    const client = new Client(url, { lazyConnect: true, maxRetriesPerRequest: 1, enableOfflineQueue: false, connectTimeout: 1_000 });
    client.on('error', (error: unknown) => this.logger.warn('redis is not reachable', { error: String(error) }));
    await client.connect().catch(() => undefined);
    return client;
  }
}
