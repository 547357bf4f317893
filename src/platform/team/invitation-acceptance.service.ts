import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { DomainError, invalidInput, notFound } from '../../common/errors.js';
import { newId } from '../../common/ids.js';
import type { Role } from '../../common/permission.js';
import { RequestContext, systemContext } from '../../common/request-context.js';
import { parseToken, sha256 } from '../../common/secrets.js';
import { parseInput, textUpTo } from '../../common/validation.js';
import { Database } from '../../infrastructure/database/database.js';
import { isUniqueViolation } from '../../infrastructure/database/database-errors.js';
import { refuseWeakPassword } from '../identity/password-rules.js';
import { hashPassword, verifyPassword } from '../identity/password.js';
import { addressKey, RateLimiter } from '../rate-limits/rate-limiter.service.js';
import { InvitationRecords } from './invitation-records.js';
import { alreadyMember, INVITATION_PREFIX, refuseClosed, STATE, type InvitationState } from './invitation.js';
import { isAbove } from './role-rank.js';

const LOOKS = { name: 'invitation-look', points: 60, seconds: 900 };
const ANSWERS = { name: 'invitation-accept', points: 20, seconds: 900 };
const GUESSES = { name: 'invitation-password', points: 10, seconds: 900 };
const NAME = z.object({ displayName: textUpTo(100).min(1, 'must not be empty') });

/** What the page behind a mailed link shows. */
export interface OpenInvitation {
  readonly email: string;
  readonly role: Role;
  readonly workspace: string;
  readonly workspaceSlug: string;
  readonly inviter: string;
  readonly expiresAt: Date;
  /** Whether there is an account with this address already. */
  readonly hasAccount: boolean;
}

interface Link extends OpenInvitation {
  readonly id: string;
  readonly workspaceId: string;
}

interface LinkRow extends Omit<Link, 'workspaceId'> {
  readonly state: InvitationState;
}

export interface Acceptance {
  readonly token: string;
  /** The e-mail address of whoever is signed in; null for nobody. */
  readonly signedInAs: string | null;
  readonly displayName: string | null;
  readonly password: string | null;
}

/** The person who accepts: an account, or what one will be made of. */
type Person = { readonly userId: string } | { readonly displayName: string; readonly passwordHash: string };

const FIND = `
SELECT i.id, i.email, i.role, ${STATE} AS state, i.expires_at AS "expiresAt", w.name AS workspace, w.slug AS "workspaceSlug", u.display_name AS inviter,
       EXISTS (SELECT 1 FROM user_account a WHERE a.email = i.email) AS "hasAccount"
FROM invitation i JOIN workspace w ON w.id = i.workspace_id JOIN user_account u ON u.id = i.invited_by WHERE i.workspace_id = $1 AND i.token_hash = $2`;
const LOCK = `SELECT ${STATE} AS state, i.role, i.invited_by AS "invitedBy", i.token_hash = $3 AS "sameLink" FROM invitation i WHERE i.workspace_id = $1 AND i.id = $2 FOR UPDATE`;
const INVITER = `
SELECT m.role FROM membership m JOIN user_account u ON u.id = m.user_id AND u.disabled_at IS NULL WHERE m.workspace_id = $1 AND m.user_id = $2 FOR SHARE OF m`;

const other = (email: string): DomainError => new DomainError('INVITATION_FOR_OTHER', `This invitation is for ${email}. Sign out, and open the link again.`, 403);

/** Opens mailed invitations. Accepting makes a member and signs nobody in: the one way in stays the sign-in. */
@Injectable()
export class InvitationAcceptance {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(RateLimiter) private readonly limiter: RateLimiter,
    @Inject(InvitationRecords) private readonly records: InvitationRecords,
  ) {}

  /** Throws NOT_FOUND, INVITATION_USED, INVITATION_REVOKED, INVITATION_EXPIRED, TOO_MANY_REQUESTS. */
  async lookUp(token: string, ip: string, requestId: string): Promise<OpenInvitation> {
    await this.limiter.consume(LOOKS, addressKey(ip));
    const { email, role, workspace, workspaceSlug, inviter, expiresAt, hasAccount } = await this.find(token, requestId);
    return { email, role, workspace, workspaceSlug, inviter, expiresAt, hasAccount };
  }

  /**
   * Makes a member of whoever shows that the invited address is theirs: by being signed in with it, by the password of its
   * account, or, where there is no account, by the mailed link itself. Throws what `lookUp` throws, INVITATION_FOR_OTHER,
   * SIGN_IN_FIRST, INVITER_LOST_RIGHT, ALREADY_MEMBER, INVALID_INPUT.
   */
  async accept(acceptance: Acceptance, ip: string, requestId: string): Promise<OpenInvitation> {
    await this.limiter.consume(ANSWERS, addressKey(ip));
    const link = await this.find(acceptance.token, requestId);
    const person = await this.identify(link, acceptance, ip);
    const userId = 'userId' in person ? person.userId : newId();
    const context = new RequestContext(link.workspaceId, { type: 'user', id: userId }, null, null, requestId);
    await this.database.write(context, async (manager) => {
      const invitedBy = await this.refuseOutdated(manager, link, sha256(acceptance.token));
      if (!('userId' in person)) {
        await manager.query('INSERT INTO user_account (id, email, display_name, password_hash) VALUES ($1, $2, $3, $4)', [userId, link.email, person.displayName, person.passwordHash]).catch(refuseSecondAccount);
      }
      const memberId = newId();
      await manager.query('INSERT INTO membership (id, workspace_id, user_id, role) VALUES ($1, $2, $3, $4)', [memberId, link.workspaceId, userId, link.role]).catch(refuseSecondMembership);
      await manager.query('UPDATE invitation SET accepted_at = now(), accepted_by = $3 WHERE workspace_id = $1 AND id = $2', [link.workspaceId, link.id, userId]);
      await this.records.accepted(context, link, { memberId, userId, invitedBy });
    });
    return link;
  }

  private async find(token: string, requestId: string): Promise<Link> {
    const parsed = parseToken(token);
    if (parsed?.prefix !== INVITATION_PREFIX) throw notFound('The invitation');
    const probe = systemContext(parsed.workspaceId, requestId);
    const [row] = await this.database.read(probe, (manager) => manager.query<LinkRow[]>(FIND, [parsed.workspaceId, sha256(token)])).finally(() => this.database.release(probe));
    if (!row) throw notFound('The invitation');
    refuseClosed(row.state);
    return { ...row, workspaceId: parsed.workspaceId };
  }

  private async identify({ email, workspaceId }: Link, { signedInAs, displayName, password }: Acceptance, ip: string): Promise<Person> {
    if (signedInAs !== null && signedInAs !== email) throw other(email);
    const probe = systemContext(workspaceId);
    const [account] = await this.database.read(probe, (manager) => manager.query<{ id: string; passwordHash: string | null; disabled: boolean }[]>(
      'SELECT id, password_hash AS "passwordHash", disabled_at IS NOT NULL AS disabled FROM user_account WHERE email = $1', [email])).finally(() => this.database.release(probe));
    if (account?.disabled) throw new DomainError('ACCOUNT_DISABLED', 'This account was closed. Ask whoever invited you.', 403);
    if (account && signedInAs === email) return { userId: account.id };
    if (account) {
      await this.limiter.consume(GUESSES, `${addressKey(ip)} ${email}`);
      if (password === null || !(await verifyPassword(account.passwordHash, password))) throw new DomainError('SIGN_IN_FIRST', 'There is an account with this address. Enter its password, or sign in first.', 401, false, { field: 'password' });
      return { userId: account.id };
    }
    if (password === null) throw invalidInput('Choose a password.', 'password');
    const name = parseInput(NAME, { displayName }).displayName;
    refuseWeakPassword(password, email);
    return { displayName: name, passwordHash: await hashPassword(password) };
  }

  /** What was true when the mail was sent need not be any more. Returns who invited. */
  private async refuseOutdated(manager: EntityManager, { id, workspaceId }: Link, tokenHash: Buffer): Promise<string> {
    const [row] = await manager.query<{ state: InvitationState; role: Role; invitedBy: string; sameLink: boolean }[]>(LOCK, [workspaceId, id, tokenHash]);
    if (!row?.sameLink) throw notFound('The invitation');
    refuseClosed(row.state);
    const [inviter] = await manager.query<{ role: Role }[]>(INVITER, [workspaceId, row.invitedBy]);
    if (!inviter || isAbove(row.role, inviter.role)) throw new DomainError('INVITER_LOST_RIGHT', 'Whoever invited you may no longer give this role. Ask an owner to send the invitation again.', 403);
    return row.invitedBy;
  }
}

function refuseSecondAccount(error: unknown): never {
  if (isUniqueViolation(error, 'user_account_email_key')) throw new DomainError('SIGN_IN_FIRST', 'There is an account with this address by now. Open the link again.', 409);
  throw error;
}

function refuseSecondMembership(error: unknown): never {
  if (isUniqueViolation(error)) throw alreadyMember();
  throw error;
}
