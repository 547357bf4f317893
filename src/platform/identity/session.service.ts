import { Inject, Injectable } from '@nestjs/common';
import { DomainError, unauthenticated } from '../../common/errors.js';
import { newId } from '../../common/ids.js';
import type { Role } from '../../common/permission.js';
import { RequestContext, systemContext } from '../../common/request-context.js';
import { formatToken, newSecret, sha256 } from '../../common/secrets.js';
import { Database } from '../../infrastructure/database/database.js';
import { addressKey, RateLimiter } from '../rate-limits/rate-limiter.service.js';
import { verifyPassword } from './password.js';
import { SignInTickets } from './sign-in-ticket.service.js';
import { SESSION_SECONDS, type SignedIn } from './signed-in.js';

export const SESSION_PREFIX = 'session';

/** Per caller and account, so that a stranger cannot lock somebody out. */
const BY_ACCOUNT = { name: 'sign-in-account', points: 10, seconds: 900 };
const BY_ADDRESS = { name: 'sign-in-address', points: 50, seconds: 900 };

export interface SignIn {
  readonly email: string;
  readonly password: string;
  /** Which workspace to enter; the oldest membership where it is not given. */
  readonly workspace: string | null;
  readonly ip: string;
}

interface Account {
  readonly id: string;
  readonly passwordHash: string | null;
  readonly hasSecondFactor: boolean;
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
    @Inject(SignInTickets) private readonly tickets: SignInTickets,
  ) {}

  /**
   * Checks the password and returns the token of a new session, or a ticket where the account has a second factor. Unknown
   * address, wrong password, disabled account and missing membership all answer the same, after the same time: SIGN_IN_FAILED.
   * Throws TOO_MANY_REQUESTS.
   */
  async signIn({ email, password, workspace, ip }: SignIn): Promise<SignedIn> {
    const address = email.trim().toLowerCase();
    await this.limiter.consume(BY_ADDRESS, addressKey(ip));
    await this.limiter.consume(BY_ACCOUNT, `${addressKey(ip)} ${address}`);
    const account = await this.findAccount(address);
    const correct = await verifyPassword(account?.passwordHash ?? null, password);
    const membership = account ? await this.findMembership(account.id, workspace) : null;
    if (!account || !correct || !membership) {
      throw new DomainError('SIGN_IN_FAILED', 'The e-mail address or the password is wrong.', 401);
    }
    return this.proceed(account, membership);
  }

  /**
   * Signs somebody in whose address was proven elsewhere, with a second step where their account has a second factor. Null where
   * nobody with the address may enter.
   */
  async admit(email: string, workspace: string | null): Promise<SignedIn | null> {
    const account = await this.findAccount(email.trim().toLowerCase());
    const membership = account ? await this.findMembership(account.id, workspace) : null;
    return account && membership ? this.proceed(account, membership) : null;
  }

  /** Makes a session of the caller, who is proven to be a member, and returns its token. */
  async create(context: RequestContext): Promise<string> {
    const token = formatToken(SESSION_PREFIX, context.workspace, newSecret());
    await this.database.write(context, (manager) => manager.query(
      `INSERT INTO session (id, workspace_id, user_id, token_hash, expires_at) VALUES ($1, $2, $3, $4, now() + make_interval(secs => $5))`,
      [newId(), context.workspace, requireUser(context), sha256(token), SESSION_SECONDS],
    ));
    return token;
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

  private async findAccount(address: string): Promise<Account | null> {
    const anonymous = systemContext(null);
    const [account] = await this.database.read(anonymous, (manager) => manager.query<Account[]>(
      `SELECT id, password_hash AS "passwordHash", second_factor_since IS NOT NULL AS "hasSecondFactor"
       FROM user_account WHERE email = $1 AND disabled_at IS NULL`, [address])).finally(() => this.database.release(anonymous));
    return account ?? null;
  }

  private async proceed({ id, hasSecondFactor }: Account, { workspaceId, role }: MembershipRow): Promise<SignedIn> {
    const context = new RequestContext(workspaceId, { type: 'user', id }, role);
    return hasSecondFactor ? { ticket: await this.tickets.issue(context, id) } : { token: await this.create(context) };
  }
}

/** The context of a user's call. Throws UNAUTHENTICATED where it is not one. */
export function requireUser(context: RequestContext): string {
  if (context.actor.type !== 'user' || context.actor.id === null) throw unauthenticated('Only a signed-in person can do this.');
  return context.actor.id;
}
