import { DomainError } from '../../common/errors.js';
import { jsonResponse, type DoorResponse } from '../../protocols/http/door.js';

/** The codes of RFC 6749, section 5.2, that this endpoint gives. */
export type OAuthErrorCode = 'invalid_request' | 'invalid_client' | 'unsupported_grant_type' | 'invalid_scope';

/** A request for a token that is refused as the standard says. */
export class OAuthError extends Error {
  constructor(
    readonly code: OAuthErrorCode,
    readonly description: string,
  ) {
    super(`${code}: ${description}`);
    this.name = 'OAuthError';
  }
}

const NOT_KEPT = { pragma: 'no-cache' };

/** The answer to a refused request, or null for what is no refusal. */
export function refusedResponse(error: unknown): DoorResponse | null {
  if (error instanceof OAuthError) {
    const isClient = error.code === 'invalid_client';
    return jsonResponse(isClient ? 401 : 400, { error: error.code, error_description: error.description }, { ...NOT_KEPT, ...(isClient ? { 'www-authenticate': 'Basic realm="perch", charset="UTF-8"' } : {}) });
  }
  if (!(error instanceof DomainError)) return null;
  const { retryAfter } = error.details;
  if (error.status === 429) return jsonResponse(429, { error: 'temporarily_unavailable', error_description: error.publicMessage }, { ...NOT_KEPT, 'retry-after': String(retryAfter) });
  return error.status === 413 ? jsonResponse(400, { error: 'invalid_request', error_description: error.publicMessage }, NOT_KEPT) : null;
}

export const grantedResponse = (body: object): DoorResponse => jsonResponse(200, body, NOT_KEPT);
