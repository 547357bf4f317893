import { Inject, Injectable } from '@nestjs/common';
import { unauthenticated } from '../../common/errors.js';
import type { JsonObject } from '../../common/json.js';
import type { RequestContext } from '../../common/request-context.js';
import { Database } from '../../infrastructure/database/database.js';
import { Authenticator } from '../../protocols/http/authenticator.js';
import type { DoorRequest } from '../../protocols/http/door.js';
import { Idempotency } from '../idempotency/idempotency.service.js';
import { addressKey, RateLimiter, type RateLimit, type RateUse } from '../rate-limits/rate-limiter.service.js';

/** What every REST door does around its work. */
@Injectable()
export class CallSupport {
  constructor(
    @Inject(Authenticator) private readonly authenticator: Authenticator,
    @Inject(Database) private readonly database: Database,
    @Inject(RateLimiter) private readonly limiter: RateLimiter,
    @Inject(Idempotency) private readonly idempotency: Idempotency,
  ) {}

  /** Runs the work as the caller and ends the caller's read transaction after it. Throws UNAUTHENTICATED. */
  async asMember<T>(request: DoorRequest, work: (context: RequestContext) => Promise<T>): Promise<T> {
    const context = await this.authenticator.authenticate(request);
    try {
      return await work(context);
    } finally {
      await this.database.release(context);
    }
  }

  /** Runs the work as `asMember` does after the call is counted for its API key or person. Throws TOO_MANY_REQUESTS too. */
  asCounted<T>(request: DoorRequest, limit: RateLimit, work: (context: RequestContext, use: RateUse) => Promise<T>): Promise<T> {
    return this.asMember(request, async (context) => {
      if (context.actor.id === null) throw unauthenticated();
      // Counting takes a connection too: whoever holds one and waits for another keeps others from both.
      await this.database.release(context);
      return work(context, await this.limiter.consume(limit, context.actor.id));
    });
  }

  /** Counts a call of this address. Throws TOO_MANY_REQUESTS. */
  async limit(request: DoorRequest, limit: RateLimit): Promise<void> {
    await this.limiter.consume(limit, addressKey(request.ip));
  }

  /** Does the work once for the request's Idempotency-Key; `fingerprint` is what must be the same when it is repeated. */
  once(request: DoorRequest, context: RequestContext, fingerprint: string, work: () => Promise<JsonObject>): Promise<JsonObject> {
    const key = request.headers['idempotency-key'];
    const scope = `${request.method} ${request.url.pathname}`;
    return this.idempotency.run(context, scope, typeof key === 'string' ? key : undefined, fingerprint, work);
  }
}
