import type { RequestContext } from '../../common/request-context.js';
import type { DoorRequest } from './door.js';

/** Finds out who calls. The platform layer implements it; protocols only know that it can be asked. */
export abstract class Authenticator {
  /**
   * The caller's context; that of an anonymous visitor where no credentials were sent.
   * Throws UNAUTHENTICATED where credentials were sent that are wrong, expired or revoked, and SECOND_FACTOR_REQUIRED where the
   * caller has no second factor and the workspace requires one.
   */
  abstract authenticate(request: DoorRequest): Promise<RequestContext>;

  /** As `authenticate`, for what somebody may do who has no second factor yet: set one up, or sign out. */
  abstract authenticateForSetup(request: DoorRequest): Promise<RequestContext>;

  /** The context of whoever holds the API key or the session's token. Throws UNAUTHENTICATED where it is wrong, expired or revoked. */
  abstract authenticateToken(token: string, requestId: string): Promise<RequestContext>;
}
