import { Inject, Injectable } from '@nestjs/common';
import { DomainError, invalidInput, unauthenticated } from '../../common/errors.js';
import type { Role } from '../../common/permission.js';
import { RequestContext, systemContext, type ActorType } from '../../common/request-context.js';
import { parseToken, sha256 } from '../../common/secrets.js';
import { ENVIRONMENT } from '../../config/environment.token.js';
import type { Environment } from '../../config/environment.js';
import { Database } from '../../infrastructure/database/database.js';
import { Authenticator } from '../../protocols/http/authenticator.js';
import { findCookie } from '../../protocols/http/cookies.js';
import type { DoorRequest } from '../../protocols/http/door.js';
import { ACCESS_TOKEN_PREFIX } from './access-token.js';
import { publicError } from '../../protocols/http/problem.js';
import { API_KEY_PREFIX } from './api-key.service.js';
import { IssuerTokens } from './issuer-tokens/issuer-tokens.service.js';
import { networkOf } from './session-device.js';
import { SESSION_PREFIX } from './session.service.js';
import { SESSION_COOKIE } from './signed-in.js';

/** Where a context remembers that its caller may only set up a second factor. */
export const LACKS_FACTOR = Symbol('lacks a second factor');

interface Credentials {
  readonly token: string;
  readonly fromCookie: boolean;
}

interface Holder {
  readonly id: string;
  readonly actorId: string;
  readonly role: Role;
  readonly scopes: string[] | null;
  /** Whether the workspace wants a second factor that the person does not have. */
  readonly lacksFactor: boolean;
  /** Whether its last use was noted too long ago. */
  readonly stale: boolean;
}

/** How exactly it is known when a session was used last: noting it makes a write of a request that only reads. */
const NOTED_EVERY = `interval '5 minutes'`;

const FIND_SESSION = `
SELECT s.id, s.user_id AS "actorId", m.role, NULL AS scopes, s.last_used_at < now() - ${NOTED_EVERY} AS stale,
  w.second_factor_required AND u.second_factor_since IS NULL AS "lacksFactor" FROM session s
JOIN workspace w ON w.id = s.workspace_id
JOIN membership m ON m.workspace_id = s.workspace_id AND m.user_id = s.user_id
JOIN user_account u ON u.id = s.user_id AND u.disabled_at IS NULL
WHERE s.token_hash = $1 AND s.expires_at > now()`;

/** A key falls with whoever made it, and its role is what theirs is now. */
const FIND_API_KEY = `
SELECT k.id, k.id AS "actorId", m.role, k.scopes, false AS stale, false AS "lacksFactor" FROM api_key k
JOIN membership m ON m.workspace_id = k.workspace_id AND m.user_id = k.created_by
JOIN user_account u ON u.id = k.created_by AND u.disabled_at IS NULL
WHERE k.token_hash = $1 AND k.expires_at > now() AND k.revoked_at IS NULL`;

const NOTE_USE = `
UPDATE session SET last_used_at = now(), address = coalesce($3, address) WHERE workspace_id = $1 AND id = $2 AND last_used_at < now() - ${NOTED_EVERY} RETURNING id`;

/** A token lives no longer than its client, and a client falls with whoever made it. */
const FIND_ACCESS_TOKEN = `
SELECT t.id, c.id AS "actorId", m.role, t.scopes, false AS stale, false AS "lacksFactor" FROM access_token t
JOIN oauth_client c ON c.workspace_id = t.workspace_id AND c.id = t.oauth_client_id AND c.revoked_at IS NULL
JOIN membership m ON m.workspace_id = c.workspace_id AND m.user_id = c.created_by
JOIN user_account u ON u.id = c.created_by AND u.disabled_at IS NULL
WHERE t.token_hash = $1 AND t.expires_at > now()`;

/** Who holds a token of each prefix, and what finds them. */
const KINDS: ReadonlyMap<string, { readonly actor: ActorType; readonly find: string }> = new Map([
  [SESSION_PREFIX, { actor: 'user', find: FIND_SESSION }], [API_KEY_PREFIX, { actor: 'api_key', find: FIND_API_KEY }], [ACCESS_TOKEN_PREFIX, { actor: 'oauth_client', find: FIND_ACCESS_TOKEN }],
]);

/** Which workspace is meant by a token that is good for several: its slug in the header X-Perch-Workspace. */
function workspaceOf({ headers }: DoorRequest): string | null {
  const slug = headers['x-perch-workspace'];
  if (slug === undefined) return null;
  if (typeof slug !== 'string' || !/^[a-z0-9-]{2,63}$/.test(slug)) throw invalidInput('X-Perch-Workspace must be the short name of a workspace.', 'x-perch-workspace');
  return slug;
}

/** Reads the bearer token or the session cookie and finds who holds it, in the transaction that the request reads in. */
@Injectable()
export class RequestAuthenticator extends Authenticator {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
    @Inject(IssuerTokens) private readonly issuerTokens: IssuerTokens,
  ) {
    super();
  }

  async authenticate(request: DoorRequest): Promise<RequestContext> {
    return this.refuseIncomplete(await this.authenticateForSetup(request));
  }

  async authenticateForSetup(request: DoorRequest): Promise<RequestContext> {
    const credentials = this.credentials(request);
    if (!credentials) return new RequestContext(null, { type: 'applicant', id: null }, null, null, request.requestId);
    if (credentials.fromCookie) this.refuseForeignOrigin(request);
    return this.identify(credentials.token, request.requestId, request);
  }

  async authenticateToken(token: string, requestId: string): Promise<RequestContext> {
    return this.refuseIncomplete(await this.identify(token, requestId, null));
  }

  /** The request is null where the token came by another way than HTTP. */
  private async identify(token: string, requestId: string, request: DoorRequest | null): Promise<RequestContext> {
    if (this.issuerTokens.accepts(token)) return this.issuerTokens.authenticate(token, request && workspaceOf(request), requestId);
    const parsed = parseToken(token);
    const kind = parsed && KINDS.get(parsed.prefix);
    if (!kind) throw unauthenticated('The token is not valid.');
    const probe = systemContext(parsed.workspaceId, requestId);
    const [holder] = await this.database.read(probe, (manager) => manager.query<Holder[]>(kind.find, [sha256(token)]));
    if (!holder) {
      await this.database.release(probe);
      throw unauthenticated('The session, API key or access token has ended. Sign in again.');
    }
    if (holder.stale) await this.noteUse(probe, holder.id, request && networkOf(request.ip));
    const context = new RequestContext(parsed.workspaceId, { type: kind.actor, id: holder.actorId }, holder.role, holder.scopes, requestId);
    context.memo.set('sessionId', kind.actor === 'user' ? holder.id : null);
    context.memo.set(LACKS_FACTOR, holder.lacksFactor);
    this.database.handOver(probe, context);
    return context;
  }

  private async refuseIncomplete(context: RequestContext): Promise<RequestContext> {
    if (context.memo.get(LACKS_FACTOR) !== true) return context;
    await this.database.end(context);
    throw new DomainError('SECOND_FACTOR_REQUIRED', 'Your workspace requires a second factor. Set one up to go on.', 403);
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
