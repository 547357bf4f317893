import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DomainError, invalidInput } from '../../common/errors.js';
import type { JsonObject } from '../../common/json.js';
import type { RequestContext } from '../../common/request-context.js';
import { sha256 } from '../../common/secrets.js';
import { Database } from '../../infrastructure/database/database.js';

const KEY_LIMIT = 255;

interface StoredAnswer {
  readonly requestHash: Buffer;
  readonly response: JsonObject;
}

/**
 * Answers a repeated request with the first answer instead of doing it again (IETF draft httpapi-idempotency-key-header).
 * The key is stored in the transaction of the work, so that both exist or neither does.
 */
@Injectable()
export class Idempotency {
  constructor(@Inject(Database) private readonly database: Database) {}

  /**
   * `scope` names the route; `request` are all bytes that must be the same again. A second request that arrives while the
   * first runs waits for it, or is refused with IDEMPOTENCY_KEY_BUSY. Throws IDEMPOTENCY_KEY_REUSED where the key came with another request.
   */
  async run(context: RequestContext, scope: string, key: string | undefined, request: string, work: () => Promise<JsonObject>, meanwhile: 'wait' | 'refuse' = 'wait'): Promise<JsonObject> {
    if (key === undefined) return work();
    if (key.length === 0 || key.length > KEY_LIMIT) throw invalidInput(`Idempotency-Key must have 1 to ${KEY_LIMIT} characters.`);
    const [keyHash, requestHash] = [sha256(key), sha256(request)];
    return this.database.write(context, async (manager) => {
      if (meanwhile === 'refuse') await this.refuseBusy(manager, `${context.workspace} ${scope} ${keyHash.toString('hex')}`);
      const inserted = await manager.query<unknown[]>(
        `INSERT INTO idempotency_key (workspace_id, scope, key_hash, request_hash) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING 1`,
        [context.workspace, scope, keyHash, requestHash],
      );
      if (inserted.length === 0) return this.earlier(context, scope, keyHash, requestHash);
      const response = await work();
      await manager.query('UPDATE idempotency_key SET response = $4 WHERE workspace_id = $1 AND scope = $2 AND key_hash = $3', [
        context.workspace, scope, keyHash, JSON.stringify(response),
      ]);
      return response;
    });
  }

  /** The lock is held until the first request's transaction ends, well or badly. */
  private async refuseBusy(manager: EntityManager, name: string): Promise<void> {
    const [lock] = await manager.query<{ free: boolean }[]>('SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS free', [`idempotency ${name}`]);
    if (!lock?.free) throw new DomainError('IDEMPOTENCY_KEY_BUSY', 'The first request with this Idempotency-Key still runs. Send it again in a moment.', 409, true, { retryAfter: 1 });
  }

  private async earlier(context: RequestContext, scope: string, keyHash: Buffer, requestHash: Buffer): Promise<JsonObject> {
    const [stored] = await this.database.write(context, (manager) => manager.query<StoredAnswer[]>(
      'SELECT request_hash AS "requestHash", response FROM idempotency_key WHERE workspace_id = $1 AND scope = $2 AND key_hash = $3', [context.workspace, scope, keyHash]));
    if (!stored?.requestHash.equals(requestHash)) {
      throw new DomainError('IDEMPOTENCY_KEY_REUSED', 'This Idempotency-Key was used for another request. Use a new one.', 422);
    }
    return stored.response;
  }
}
