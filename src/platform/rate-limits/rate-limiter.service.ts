import { Inject, Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import type { RateLimiterAbstract } from 'rate-limiter-flexible';
import { DomainError } from '../../common/errors.js';
import { sha256 } from '../../common/secrets.js';
import { Database } from '../../infrastructure/database/database.js';
import { RedisConnection } from '../../infrastructure/redis/redis.js';

/** So many calls in so many seconds for one key. */
export interface RateLimit {
  readonly name: string;
  readonly points: number;
  readonly seconds: number;
}

/** How many calls are left, and the seconds until all are again. */
export interface RateUse {
  readonly remaining: number;
  readonly reset: number;
}

/** The part of an address that its owner cannot change at will: an IPv6 caller owns a whole /64. */
export function addressKey(ip: string): string {
  if (!ip.includes(':') || ip.startsWith('::ffff:')) return ip.replace('::ffff:', '');
  const [head = '', tail = ''] = ip.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === '' ? [] : tail.split(':');
  const middle = ip.includes('::') ? Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0') : [];
  return [...left, ...middle, ...right].slice(0, 4).map((part) => part.padStart(4, '0')).join(':');
}

/**
 * Counts calls in Redis where it is there and in PostgreSQL otherwise, so that all functions share the count; in memory
 * while neither answers or nothing is to be written. Keys are hashed: the table tells nobody who called.
 */
@Injectable()
export class RateLimiter {
  private readonly limiters = new Map<string, Promise<RateLimiterAbstract>>();

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(RedisConnection) private readonly redis: RedisConnection,
  ) {}

  /** Counts a call and tells what is left. Throws TOO_MANY_REQUESTS with the seconds to wait. */
  async consume(limit: RateLimit, key: string): Promise<RateUse> {
    const limiter = this.limiters.get(limit.name) ?? this.create(limit);
    this.limiters.set(limit.name, limiter);
    try {
      const { remainingPoints, msBeforeNext } = await (await limiter).consume(sha256(key).toString('base64url'));
      return { remaining: Math.max(0, remainingPoints), reset: Math.max(0, Math.ceil(msBeforeNext / 1_000)) };
    } catch (refused) {
      if (refused instanceof Error) throw refused;
      const retryAfter = Math.max(1, Math.ceil((refused as { msBeforeNext: number }).msBeforeNext / 1_000));
      throw new DomainError('TOO_MANY_REQUESTS', `Too many attempts. Try again in ${Math.ceil(retryAfter / 60)} minutes.`, 429, true, { retryAfter });
    }
  }

  private async create({ name, points, seconds }: RateLimit): Promise<RateLimiterAbstract> {
    const { RateLimiterMemory, RateLimiterPostgres, RateLimiterRedis } = await import('rate-limiter-flexible');
    const options = { keyPrefix: name, points, duration: seconds };
    const insuranceLimiter = new RateLimiterMemory(options);
    if (this.database.isSwitchedToReading) return insuranceLimiter;
    const redis = await this.redis.find();
    if (redis) return new RateLimiterRedis({ ...options, storeClient: redis, insuranceLimiter });
    const pool = (this.database.dataSource.driver as unknown as { master: Pool }).master;
    // Its prepared statements have names, which a pooler in transaction mode does not keep; the name is left out here.
    const storeClient = { query: ({ text, values }: { text: string; values: unknown[] }) => pool.query(text, values) };
    return new RateLimiterPostgres({
      ...options, storeClient, storeType: 'client', tableName: 'rate_limit', tableCreated: true, clearExpiredByTimeout: false, insuranceLimiter,
    });
  }
}
