import { Inject, Injectable } from '@nestjs/common';
import { DomainError, unauthenticated } from '../../common/errors.js';
import { newId } from '../../common/ids.js';
import type { Role } from '../../common/permission.js';
import { RequestContext, systemContext } from '../../common/request-context.js';
import { formatToken, newSecret, sha256 } from '../../common/secrets.js';
import { Database } from '../../infrastructure/database/database.js';
import { addressKey, RateLimiter } from '../rate-limits/rate-limiter.service.js';
import { verifyPassword } from './password.js';
import type { SessionDevice } from './session-device.js';

export const SESSION_PREFIX = 'session';
export const SESSION_SECONDS = 14 * 24 * 3_600;

/** Per caller and account, so that a stranger cannot lock somebody out. */
const BY_ACCOUNT = { name: 'sign-in-account', points: 10, seconds: 900 };
const BY_ADDRESS = { name: 'sign-in-address', points: 50, seconds: 900 };

export interface SignIn {
  readonly email: string;
  readonly password: string;
  /** Which workspace to enter; the oldest membership where it is not given. */
  readonly workspace: string | null;
  readonly ip: string;
  readonly device: SessionDevice;
}

interface Account {
  readonly id: string;
  readonly passwordHash: string | null;
}

interface MembershipRow {
  readonly workspaceId: string;
  readonly role: Role;
}

/** Signs people in and out. */
@Injectable()
export class SessionService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(RateLimiter) private readonly limiter: RateLimiter,
  ) {}

  /**
   * Checks the password and returns the token of a new session. Unknown address, wrong password, disabled account and
   * missing membership all answer the same, after the same time: SIGN_IN_FAILED. Throws TOO_MANY_REQUESTS.
   */
  async signIn({ email, password, workspace, ip, device }: SignIn): Promise<string> {
    const address = email.trim().toLowerCase();
    await this.limiter.consume(BY_ADDRESS, addressKey(ip));
    await this.limiter.consume(BY_ACCOUNT, `${addressKey(ip)} ${address}`);
    const anonymous = systemContext(null);
    const [account] = await this.database.read(anonymous, (manager) => manager.query<Account[]>(
      'SELECT id, password_hash AS "passwordHash" FROM user_account WHERE email = $1 AND disabled_at IS NULL', [address])).finally(() => this.database.release(anonymous));
    const correct = await verifyPassword(account?.passwordHash ?? null, password);
    // Looked for in vain where there is no account, for the same reason.
    const membership = await this.findMembership(account?.id ?? newId(), workspace);
    if (!account || !correct || !membership) {
      throw new DomainError('SIGN_IN_FAILED', 'The e-mail address or the password is wrong.', 401);
    }
    return this.createSession(account.id, membership, device);
  }

  /** Ends the session; the token is dead from the next request on. */
  async signOut(context: RequestContext, sessionId: string): Promise<void> {
    await this.database.write(context, (manager) => manager.query('DELETE FROM session WHERE id = $1', [sessionId]));
  }

  private async findMembership(userId: string, slug: string | null): Promise<MembershipRow | null> {
    const rows = await this.database.read(systemContext(null), (manager) => manager.query<MembershipRow[]>(
      `SELECT m.workspace_id AS "workspaceId", m.role FROM membership m LEFT JOIN workspace w ON w.id = m.workspace_id
       WHERE m.user_id = $1 AND ($2::text IS NULL OR w.slug = $2) ORDER BY m.created_at LIMIT 1`, [userId, slug],
    ), { userId, ...(slug === null ? {} : { workspaceSlug: slug }) });
    return rows[0] ?? null;
  }

  private async createSession(userId: string, { workspaceId, role }: MembershipRow, { device, address }: SessionDevice): Promise<string> {
    const token = formatToken(SESSION_PREFIX, workspaceId, newSecret());
    const context = new RequestContext(workspaceId, { type: 'user', id: userId }, role);
    await this.database.write(context, (manager) => manager.query(
      `INSERT INTO session (id, workspace_id, user_id, token_hash, expires_at, device, address) VALUES ($1, $2, $3, $4, now() + make_interval(secs => $5), $6, $7)`,
      [newId(), workspaceId, userId, sha256(token), SESSION_SECONDS, device, address],
    ));
    return token;
  }
}

/** The context of a user's call. Throws UNAUTHENTICATED where it is not one. */
export function requireUser(context: RequestContext): string {
  if (context.actor.type !== 'user' || context.actor.id === null) throw unauthenticated('Only a signed-in person can do this.');
  return context.actor.id;
}
