import { Inject, Injectable } from '@nestjs/common';
import { DomainError, notFound } from '../../common/errors.js';
import { isId } from '../../common/ids.js';
import { canonicalJson, type JsonObject } from '../../common/json.js';
import type { RequestContext } from '../../common/request-context.js';
import type { DoorRequest } from '../../protocols/http/door.js';
import type { Found } from '../../protocols/rest/operation-list.js';
import { expectedVersion, readBodyOf, readQuery } from '../../protocols/rest/rest-input.js';
import { Idempotency } from '../idempotency/idempotency.service.js';

/** Calls operations under the caller's rights, with their inputs checked. */
@Injectable()
export class OperationCalls {
  constructor(@Inject(Idempotency) private readonly idempotency: Idempotency) {}

  /**
   * The operation's answer. Throws FORBIDDEN, NOT_FOUND, INVALID_INPUT, PRECONDITION_REQUIRED, PRECONDITION_FAILED,
   * IDEMPOTENCY_KEY_REUSED, IDEMPOTENCY_KEY_BUSY and what the operation throws.
   */
  async call(context: RequestContext, { operation, id }: Found, request: DoorRequest): Promise<JsonObject> {
    context.require(operation.permission);
    if (operation.path.includes('{id}') && !isId(id)) throw notFound('The record');
    const query = readQuery(operation, request.url);
    const body = await readBodyOf(operation, request);
    const version = expectedVersion(operation.precondition, request.headers);
    const run = async (): Promise<JsonObject> => {
      const answer = await operation.run(context, { id, query, body, version }).catch((error: unknown) => {
        throw version !== null && error instanceof DomainError && error.code === 'VERSION_CONFLICT' ? new DomainError('PRECONDITION_FAILED', error.publicMessage, 412) : error;
      });
      return answer as JsonObject;
    };
    const key = operation.method === 'POST' ? request.headers['idempotency-key'] : undefined;
    if (typeof key !== 'string') return run();
    // A key is its caller's own: that of another program is another key.
    const scope = `rest ${context.actor.type} ${context.actor.id} ${operation.name} ${id}`;
    const { shownOnce } = operation;
    let kept: JsonObject = {};
    const answer = await this.idempotency.run(context, scope, key, canonicalJson({ query, body, version }), async () => {
      const full = await run();
      if (shownOnce === undefined) return full;
      kept = { [shownOnce]: full[shownOnce]! };
      return { ...full, [shownOnce]: null };
    }, 'refuse');
    return { ...answer, ...kept };
  }
}
