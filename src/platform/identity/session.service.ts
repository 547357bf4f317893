import { Inject, Injectable } from '@nestjs/common';
import { DomainError, unauthenticated } from '../../common/errors.js';
import { newId } from '../../common/ids.js';
import { RequestContext } from '../../common/request-context.js';
import { formatToken, newSecret, sha256 } from '../../common/secrets.js';
import { Database } from '../../infrastructure/database/database.js';
import { addressKey, RateLimiter } from '../rate-limits/rate-limiter.service.js';
import { AccountDirectory, type Account, type MembershipEntry } from './account-directory.service.js';
import { verifyPassword } from './password.js';
import type { SessionDevice } from './session-device.js';
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
  readonly device: SessionDevice;
}

/** Signs people in and out. */
@Injectable()
export class SessionService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(RateLimiter) private readonly limiter: RateLimiter,
    @Inject(SignInTickets) private readonly tickets: SignInTickets,
    @Inject(AccountDirectory) private readonly accounts: AccountDirectory,
  ) {}

  /**
   * Checks the password and returns the token of a new session, or a ticket where the account has a second factor. Unknown
   * address, wrong password, disabled account and missing membership all answer the same, after the same time: SIGN_IN_FAILED.
   * Throws TOO_MANY_REQUESTS.
   */
  async signIn({ email, password, workspace, ip, device }: SignIn): Promise<SignedIn> {
    const address = email.trim().toLowerCase();
    await this.limiter.consume(BY_ADDRESS, addressKey(ip));
    await this.limiter.consume(BY_ACCOUNT, `${addressKey(ip)} ${address}`);
    const account = await this.accounts.byEmail(address);
    const correct = await verifyPassword(account?.passwordHash ?? null, password);
    // Looked for in vain where there is no account, for the same reason.
    const membership = await this.accounts.membership(account?.id ?? newId(), workspace);
    if (!account || !correct || !membership) {
      throw new DomainError('SIGN_IN_FAILED', 'The e-mail address or the password is wrong.', 401);
    }
    return this.proceed(account, membership, device);
  }

  /**
   * Signs somebody in whose address was proven elsewhere, with a second step where their account has a second factor. Null where
   * nobody with the address may enter.
   */
  async admit(email: string, workspace: string | null, device: SessionDevice): Promise<SignedIn | null> {
    const account = await this.accounts.byEmail(email);
    const membership = account ? await this.accounts.membership(account.id, workspace) : null;
    return account && membership ? this.proceed(account, membership, device) : null;
  }

  /** Makes a session of the caller, who is proven to be a member, and returns its token. */
  async create(context: RequestContext, { device, address }: SessionDevice): Promise<string> {
    const token = formatToken(SESSION_PREFIX, context.workspace, newSecret());
    await this.database.write(context, (manager) => manager.query(
      `INSERT INTO session (id, workspace_id, user_id, token_hash, expires_at, device, address) VALUES ($1, $2, $3, $4, now() + make_interval(secs => $5), $6, $7)`,
      [newId(), context.workspace, requireUser(context), sha256(token), SESSION_SECONDS, device, address],
    ));
    return token;
  }

  /** Ends the session; the token is dead from the next request on. */
  async signOut(context: RequestContext, sessionId: string): Promise<void> {
    await this.database.write(context, (manager) => manager.query('DELETE FROM session WHERE id = $1', [sessionId]));
  }

  private async proceed({ id, hasSecondFactor }: Account, { workspaceId, role }: MembershipEntry, device: SessionDevice): Promise<SignedIn> {
    const context = new RequestContext(workspaceId, { type: 'user', id }, role);
    return hasSecondFactor ? { ticket: await this.tickets.issue(context, id) } : { token: await this.create(context, device) };
  }
}

/** The context of a user's call. Throws UNAUTHENTICATED where it is not one. */
export function requireUser(context: RequestContext): string {
  if (context.actor.type !== 'user' || context.actor.id === null) throw unauthenticated('Only a signed-in person can do this.');
  return context.actor.id;
}
