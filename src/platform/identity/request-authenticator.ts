import { Inject, Injectable } from '@nestjs/common';
import { DomainError, unauthenticated } from '../../common/errors.js';
import type { Role } from '../../common/permission.js';
import { RequestContext, systemContext } from '../../common/request-context.js';
import { parseToken, sha256 } from '../../common/secrets.js';
import { ENVIRONMENT } from '../../config/environment.token.js';
import type { Environment } from '../../config/environment.js';
import { Database } from '../../infrastructure/database/database.js';
import { Authenticator } from '../../protocols/http/authenticator.js';
import { findCookie } from '../../protocols/http/cookies.js';
import type { DoorRequest } from '../../protocols/http/door.js';
import { publicError } from '../../protocols/http/problem.js';
import { API_KEY_PREFIX } from './api-key.service.js';
import { networkOf } from './session-device.js';
import { SESSION_PREFIX } from './session.service.js';

export const SESSION_COOKIE = '__Host-perch_session';

interface Credentials {
  readonly token: string;
  readonly fromCookie: boolean;
}

interface Holder {
  readonly id: string;
  readonly actorId: string;
  readonly role: Role;
  readonly scopes: string[] | null;
  /** Whether its last use was noted too long ago. */
  readonly stale: boolean;
}

/** How exactly it is known when a session was used last: noting it makes a write of a request that only reads. */
const NOTED_EVERY = `interval '5 minutes'`;

const FIND_SESSION = `
SELECT s.id, s.user_id AS "actorId", m.role, NULL AS scopes, s.last_used_at < now() - ${NOTED_EVERY} AS stale FROM session s
JOIN membership m ON m.workspace_id = s.workspace_id AND m.user_id = s.user_id
JOIN user_account u ON u.id = s.user_id AND u.disabled_at IS NULL
WHERE s.token_hash = $1 AND s.expires_at > now()`;

/** A key falls with whoever made it, and its role is what theirs is now. */
const FIND_API_KEY = `
SELECT k.id, k.id AS "actorId", m.role, k.scopes, false AS stale FROM api_key k
JOIN membership m ON m.workspace_id = k.workspace_id AND m.user_id = k.created_by
JOIN user_account u ON u.id = k.created_by AND u.disabled_at IS NULL
WHERE k.token_hash = $1 AND k.expires_at > now() AND k.revoked_at IS NULL`;

const NOTE_USE = `
UPDATE session SET last_used_at = now(), address = coalesce($3, address) WHERE workspace_id = $1 AND id = $2 AND last_used_at < now() - ${NOTED_EVERY} RETURNING id`;

/** Reads the bearer token or the session cookie and finds who holds it, in the transaction that the request reads in. */
@Injectable()
export class RequestAuthenticator extends Authenticator {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {
    super();
  }

  async authenticate(request: DoorRequest): Promise<RequestContext> {
    const credentials = this.credentials(request);
    if (!credentials) return new RequestContext(null, { type: 'applicant', id: null }, null, null, request.requestId);
    if (credentials.fromCookie) this.refuseForeignOrigin(request);
    return this.identify(credentials.token, request.requestId, networkOf(request.ip));
  }

  authenticateToken(token: string, requestId: string): Promise<RequestContext> {
    return this.identify(token, requestId, null);
  }

  private async identify(token: string, requestId: string, address: string | null): Promise<RequestContext> {
    const parsed = parseToken(token);
    const isSession = parsed?.prefix === SESSION_PREFIX;
    if (!parsed || (!isSession && parsed.prefix !== API_KEY_PREFIX)) throw unauthenticated('The token is not valid.');
    const probe = systemContext(parsed.workspaceId, requestId);
    const [holder] = await this.database.read(probe, (manager) => manager.query<Holder[]>(isSession ? FIND_SESSION : FIND_API_KEY, [sha256(token)]));
    if (!holder) {
      await this.database.release(probe);
      throw unauthenticated('The session or API key has ended. Sign in again.');
    }
    if (holder.stale) await this.noteUse(probe, holder.id, address);
    const context = new RequestContext(parsed.workspaceId, { type: isSession ? 'user' : 'api_key', id: holder.actorId }, holder.role, holder.scopes, requestId);
    context.memo.set('sessionId', isSession ? holder.id : null);
    this.database.handOver(probe, context);
    return context;
  }

  /** Ends the read that found the session: a request never holds one connection while it waits for another. A database that can only be read keeps the older time. */
  private async noteUse(probe: RequestContext, sessionId: string, address: string | null): Promise<void> {
    await this.database.release(probe);
    await this.database.statement(probe, NOTE_USE, [probe.workspace, sessionId, address]).catch((error: unknown) => {
      if (publicError(error).code !== 'READ_ONLY') throw error;
    });
  }

  private credentials(request: DoorRequest): Credentials | null {
    const bearer = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (bearer !== undefined) return { token: bearer, fromCookie: false };
    const cookie = findCookie(request.headers.cookie, SESSION_COOKIE);
    return cookie === null || cookie === '' ? null : { token: cookie, fromCookie: true };
  }

  /** A browser sends cookies along with requests that other sites make; those carry another origin. */
  private refuseForeignOrigin(request: DoorRequest): void {
    const { origin, host } = request.headers;
    if (origin === undefined || request.method === 'GET') return;
    const own = [host, this.environment.publicUrl === null ? undefined : new URL(this.environment.publicUrl).host];
    if (!URL.canParse(origin) || !own.includes(new URL(origin).host)) {
      throw new DomainError('FOREIGN_ORIGIN', 'This request came from another site.', 403);
    }
  }
}
