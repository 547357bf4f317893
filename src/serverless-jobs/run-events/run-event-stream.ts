import { Inject, Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import type { RunEvent } from '../../common/run-events.js';
import { RedisConnection } from '../../infrastructure/redis/redis.js';

/** A stream keeps about so many events, for so long after the last one; PostgreSQL has them all. */
const KEPT_EVENTS = 1_000;
const KEPT_SECONDS = 900;
const READ_AT_ONCE = 200;
/** Longer than this after its time, an answer of Redis is not waited for. */
const PATIENCE_MS = 500;

export interface RunName {
  readonly workspaceId: string;
  readonly id: string;
}

const keyOf = ({ workspaceId, id }: RunName): string => `perch:run-events:${workspaceId}:${id}`;

/** Where a reader waits for events of one run. */
export interface RunEventSource {
  /** The events after `last` as far as Redis has them, after at most `milliseconds`; null where Redis no longer answers. */
  next(last: number, milliseconds: number): Promise<RunEvent[] | null>;
  close(): void;
}

class RedisSource implements RunEventSource {
  constructor(
    private readonly client: Redis,
    private readonly key: string,
  ) {}

  async next(last: number, milliseconds: number): Promise<RunEvent[] | null> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<null>((done) => (timer = setTimeout(() => done(null), milliseconds + PATIENCE_MS)));
    const read = this.client.xread('COUNT', READ_AT_ONCE, 'BLOCK', Math.max(1, Math.round(milliseconds)), 'STREAMS', this.key, `${last}-0`)
      .then((answer) => (answer?.[0]?.[1] ?? []).map(([, fields]) => JSON.parse(fields[1]!) as RunEvent))
      .catch(() => null);
    const events = await Promise.race([read, tooLate]);
    clearTimeout(timer);
    return events;
  }

  close(): void {
    this.client.disconnect();
  }
}

/**
 * A copy of the newest events in Redis, where there is one, so that readers need not ask PostgreSQL all the time. It may be
 * late, incomplete or gone at any moment: what it has is right, what it lacks is in PostgreSQL.
 */
@Injectable()
export class RunEventStream {
  constructor(@Inject(RedisConnection) private readonly redis: RedisConnection) {}

  /** Whether readers are told at once of what is stored, so that it is worth storing sooner. */
  get isOffered(): boolean {
    return this.redis.isSet;
  }

  /** Passes on what has been committed. Never throws and need not be waited for. */
  async publish(run: RunName, events: readonly RunEvent[]): Promise<void> {
    const client = await this.redis.find().catch(() => null);
    if (client === null || client.status !== 'ready') return;
    const key = keyOf(run);
    const commands = client.pipeline();
    // The number is the entry's id: Redis refuses one that comes too late, and the reader sees the gap.
    for (const event of events) commands.xadd(key, 'MAXLEN', '~', KEPT_EVENTS, `${event.sequence}-0`, 'event', JSON.stringify(event));
    await commands.expire(key, KEPT_SECONDS).exec().catch(() => undefined);
  }

  /** A connection of its own on which a reader may wait; null where there is no Redis, or none that answers. */
  async open(run: RunName): Promise<RunEventSource | null> {
    const client = await this.redis.openAnother();
    return client === null ? null : new RedisSource(client, keyOf(run));
  }
}
