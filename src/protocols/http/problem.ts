import { DomainError } from '../../common/errors.js';
import { isDatabaseUnavailable, isReadOnlyServer } from '../../infrastructure/database/database-errors.js';
import { readOnlyError } from '../../infrastructure/database/read-only.js';
import type { DoorResponse } from './door.js';

/** What a caller is told of a thrown value: a DomainError as it is, a lost database as UNAVAILABLE, one that only follows another as READ_ONLY, anything else without its text. */
export function publicError(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  if (isDatabaseUnavailable(error)) return new DomainError('UNAVAILABLE', 'The database does not answer at the moment. Try again in a few seconds.', 503, true, { retryAfter: 5 });
  if (isReadOnlyServer(error)) return readOnlyError();
  return new DomainError('INTERNAL', 'Something went wrong on our side. Try again; the request id helps us to find out.', 500, true);
}

/** RFC 9457 problem details of a thrown value. */
export function problemResponse(error: unknown, requestId: string): DoorResponse {
  const known = publicError(error);
  const retryAfter = known.details['retryAfter'];
  return {
    status: known.status,
    headers: {
      'content-type': 'application/problem+json; charset=utf-8',
      'cache-control': 'no-store',
      // RFC 9110 wants to hear with every 401 what would do; browsers ask nobody for a bearer token.
      ...(known.status === 401 ? { 'www-authenticate': 'Bearer realm="perch"' } : {}),
      ...(typeof retryAfter === 'number' ? { 'retry-after': String(retryAfter) } : {}),
    },
    body: JSON.stringify({
      type: `urn:perch:error:${known.code.toLowerCase()}`, title: known.publicMessage, status: known.status, code: known.code,
      retryable: known.retryable, requestId, ...known.details,
    }),
  };
}
