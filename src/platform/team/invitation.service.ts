import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { DomainError, notFound, unauthenticated } from '../../common/errors.js';
import { isId, newId } from '../../common/ids.js';
import type { Role } from '../../common/permission.js';
import type { RequestContext } from '../../common/request-context.js';
import { formatToken, newSecret, sha256 } from '../../common/secrets.js';
import { parseInput } from '../../common/validation.js';
import { Database } from '../../infrastructure/database/database.js';
import { isUniqueViolation } from '../../infrastructure/database/database-errors.js';
import { requireUser } from '../identity/session.service.js';
import { RateLimiter } from '../rate-limits/rate-limiter.service.js';
import { InvitationRecords } from './invitation-records.js';
import { alreadyMember, INVITATION_DAYS, INVITATION_PREFIX, refuseClosed, STATE, type Invitation, type SentInvitation } from './invitation.js';
import { refuseAbove } from './role-rank.js';
import { ROLE_INPUT } from './team-members.service.js';

/** Of a workspace: its mails go to strangers. */
const SENDINGS = { name: 'invitations', points: 100, seconds: 3_600 };
const INPUT = z.object({ email: z.string().trim().toLowerCase().max(254, 'may have at most 254 characters').pipe(z.email('is not an e-mail address')), role: ROLE_INPUT });

const COLUMNS = `i.id, i.email, i.role, ${STATE} AS state, i.invited_by AS "invitedBy", i.created_at AS "createdAt", i.sent_at AS "sentAt", i.expires_at AS "expiresAt", i.accepted_at AS "acceptedAt"`;
const LIST = `SELECT ${COLUMNS} FROM invitation i WHERE i.workspace_id = $1 ORDER BY i.created_at DESC, i.id DESC LIMIT 200`;
const IS_MEMBER = 'SELECT 1 FROM membership m JOIN user_account u ON u.id = m.user_id WHERE m.workspace_id = $1 AND u.email = $2';
/** One that has run out makes room for another. */
const CLOSE_EXPIRED = `
UPDATE invitation SET revoked_at = now() WHERE workspace_id = $1 AND email = $2 AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at <= now()`;
const INSERT = `
INSERT INTO invitation (id, workspace_id, email, role, token_hash, invited_by, expires_at) VALUES ($1, $2, $3, $4, $5, $6, now() + make_interval(days => $7))`;
const RENEW = `
UPDATE invitation SET token_hash = $3, invited_by = $4, sent_at = now(), expires_at = now() + make_interval(days => $5) WHERE workspace_id = $1 AND id = $2`;

function refuseSecond(error: unknown): never {
  if (isUniqueViolation(error, 'invitation_open')) throw new DomainError('INVITATION_OPEN', 'This person is invited already. Send the invitation again, or take it back first.', 409, false, { field: 'email' });
  throw error;
}

/** Invites people into a workspace by mail. */
@Injectable()
export class InvitationService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(RateLimiter) private readonly limiter: RateLimiter,
    @Inject(InvitationRecords) private readonly records: InvitationRecords,
  ) {}

  /** The newest first; those that are over too, so that one sees what became of them. */
  list(context: RequestContext): Promise<Invitation[]> {
    return this.database.read(context, (manager) => manager.query<Invitation[]>(LIST, [context.workspace]));
  }

  /** Mails an invitation. Throws INVALID_INPUT, ROLE_ABOVE_OWN, ALREADY_MEMBER, INVITATION_OPEN, TOO_MANY_REQUESTS. */
  async create(context: RequestContext, input: { readonly email: string; readonly role: string }): Promise<SentInvitation> {
    const userId = requireUser(context);
    const { email, role } = parseInput(INPUT, input);
    await this.count(context);
    return this.database.write(context, async (manager) => {
      refuseAbove(role, await this.roleOf(context, manager, userId));
      if ((await manager.query<unknown[]>(IS_MEMBER, [context.workspace, email])).length > 0) throw alreadyMember();
      await manager.query(CLOSE_EXPIRED, [context.workspace, email]);
      const [id, token] = [newId(), this.newToken(context)];
      await manager.query(INSERT, [id, context.workspace, email, role, sha256(token), userId, INVITATION_DAYS]).catch(refuseSecond);
      return this.records.sent(context, await this.lock(context, manager, id), token, 'create');
    });
  }

  /** Mails a new link for another seven days, in the caller's name; the earlier link is dead. Throws NOT_FOUND, ROLE_ABOVE_OWN, INVITATION_USED, INVITATION_REVOKED. */
  async resend(context: RequestContext, id: string): Promise<SentInvitation> {
    const userId = requireUser(context);
    await this.count(context);
    return this.database.write(context, async (manager) => {
      await this.lockOpen(context, manager, id, userId);
      const token = this.newToken(context);
      await manager.query(RENEW, [context.workspace, id, sha256(token), userId, INVITATION_DAYS]);
      return this.records.sent(context, await this.lock(context, manager, id), token, 'resend');
    });
  }

  /** Makes the link worthless. Throws NOT_FOUND, ROLE_ABOVE_OWN, INVITATION_USED, INVITATION_REVOKED. */
  async revoke(context: RequestContext, id: string): Promise<Invitation> {
    const userId = requireUser(context);
    return this.database.write(context, async (manager) => {
      await this.lockOpen(context, manager, id, userId);
      await manager.query('UPDATE invitation SET revoked_at = now() WHERE workspace_id = $1 AND id = $2', [context.workspace, id]);
      const invitation = await this.lock(context, manager, id);
      await this.records.note(context, invitation, 'revoke', 'revoked');
      return invitation;
    });
  }

  /** Gives the connection back before it counts, which takes one too. */
  private async count(context: RequestContext): Promise<void> {
    await this.database.release(context);
    await this.limiter.consume(SENDINGS, context.workspace);
  }

  private newToken(context: RequestContext): string {
    return formatToken(INVITATION_PREFIX, context.workspace, newSecret());
  }

  private async lock(context: RequestContext, manager: EntityManager, id: string): Promise<Invitation> {
    const [row] = isId(id) ? await manager.query<Invitation[]>(`SELECT ${COLUMNS} FROM invitation i WHERE i.workspace_id = $1 AND i.id = $2 FOR UPDATE`, [context.workspace, id]) : [];
    if (!row) throw notFound('The invitation');
    return row;
  }

  /** One that has run out can be sent again and taken back; nobody touches one for a role above their own. */
  private async lockOpen(context: RequestContext, manager: EntityManager, id: string, userId: string): Promise<Invitation> {
    const invitation = await this.lock(context, manager, id);
    if (invitation.state !== 'expired') refuseClosed(invitation.state);
    refuseAbove(invitation.role, await this.roleOf(context, manager, userId));
    return invitation;
  }

  /** The caller's role of this moment, held until the commit. */
  private async roleOf(context: RequestContext, manager: EntityManager, userId: string): Promise<Role> {
    const [row] = await manager.query<{ role: Role }[]>('SELECT role FROM membership WHERE workspace_id = $1 AND user_id = $2 FOR SHARE', [context.workspace, userId]);
    if (!row) throw unauthenticated('You are no longer a member of this workspace.');
    return row.role;
  }
}
