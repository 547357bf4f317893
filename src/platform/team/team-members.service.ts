import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { DomainError, notFound, unauthenticated } from '../../common/errors.js';
import { isId } from '../../common/ids.js';
import { ROLES, type Role } from '../../common/permission.js';
import type { RequestContext } from '../../common/request-context.js';
import { parseInput } from '../../common/validation.js';
import { Database } from '../../infrastructure/database/database.js';
import { AuditLog } from '../audit-log/audit-log.service.js';
import { DomainEvents } from '../domain-events/domain-events.service.js';
import { Membership } from '../identity/membership.entity.js';
import { requireUser } from '../identity/session.service.js';
import { refuseAbove } from './role-rank.js';

export const ROLE_INPUT = z.enum(ROLES, { error: `is none of ${ROLES.join(', ')}` });

interface LockedMember {
  readonly id: string;
  readonly userId: string;
  readonly role: Role;
  readonly enabled: boolean;
}

/** The member in question as they are now. */
interface Change {
  readonly member: LockedMember;
  readonly manager: EntityManager;
  /** Whether the workspace has no other owner who can sign in. */
  readonly isLastOwner: boolean;
}

/**
 * Locks the owners, the caller and the member in question, always in the same order. Of two changes at once the second waits and
 * then sees what the first has left, so that two owners cannot remove each other.
 */
const LOCK = `
SELECT m.id, m.user_id AS "userId", m.role, u.disabled_at IS NULL AS enabled FROM membership m JOIN user_account u ON u.id = m.user_id
WHERE m.workspace_id = $1 AND (m.role = 'owner' OR m.id = $2 OR m.user_id = $3) ORDER BY m.id FOR UPDATE OF m`;

const REVOKE_KEYS = 'UPDATE api_key SET revoked_at = now() WHERE workspace_id = $1 AND created_by = $2 AND revoked_at IS NULL RETURNING id';
const REVOKE_CLIENTS = 'UPDATE oauth_client SET revoked_at = now() WHERE workspace_id = $1 AND created_by = $2 AND revoked_at IS NULL RETURNING id';
const REVOKE_INVITATIONS = `
UPDATE invitation SET revoked_at = now() WHERE workspace_id = $1 AND invited_by = $2 AND accepted_at IS NULL AND revoked_at IS NULL RETURNING id`;

const lastOwner = (): DomainError => new DomainError('LAST_OWNER', 'A workspace needs an owner. Make somebody else an owner first.', 409);

/** Changes who belongs to a workspace, and as what. */
@Injectable()
export class TeamMembers {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AuditLog) private readonly auditLog: AuditLog,
    @Inject(DomainEvents) private readonly events: DomainEvents,
  ) {}

  /** Throws NOT_FOUND, ROLE_ABOVE_OWN for a role, old or new, above the caller's, and LAST_OWNER. */
  async changeRole(context: RequestContext, memberId: string, newRole: string): Promise<Membership> {
    const userId = requireUser(context);
    const { role } = parseInput(z.object({ role: ROLE_INPUT }), { role: newRole });
    return this.locked(context, memberId, userId, async ({ member, manager, isLastOwner }, own) => {
      refuseAbove(member.role, own.role);
      refuseAbove(role, own.role);
      if (isLastOwner && role !== 'owner') throw lastOwner();
      if (role !== member.role) {
        await manager.update(Membership, { id: member.id }, { role });
        await this.auditLog.record(context, 'member.change_role', { type: 'membership', id: member.id }, { userId: member.userId, from: member.role, to: role });
        await this.events.emit(context, { type: 'member.role_changed', subjectId: member.id, payload: { userId: member.userId, from: member.role, to: role } });
      }
      return manager.findOneByOrFail(Membership, { id: member.id });
    });
  }

  /** Takes a member out: sessions and API keys are dead from the next request on. Throws NOT_FOUND, ROLE_ABOVE_OWN, LAST_OWNER. */
  async remove(context: RequestContext, memberId: string): Promise<void> {
    const userId = requireUser(context);
    await this.locked(context, memberId, userId, async (change, own) => {
      refuseAbove(change.member.role, own.role);
      await this.takeOut(context, change, change.member.userId === userId);
    });
  }

  /** Takes the caller out. Throws LAST_OWNER. */
  async leave(context: RequestContext): Promise<void> {
    const userId = requireUser(context);
    await this.locked(context, null, userId, (change) => this.takeOut(context, change, true));
  }

  /** `memberId` null is the caller. What the caller may do is read under the lock too: they may have been demoted a moment ago. */
  private locked<T>(context: RequestContext, memberId: string | null, userId: string, work: (change: Change, own: LockedMember) => Promise<T>): Promise<T> {
    if (memberId !== null && !isId(memberId)) throw notFound('The member');
    return this.database.write(context, async (manager) => {
      const rows = await manager.query<LockedMember[]>(LOCK, [context.workspace, memberId, userId]);
      const own = rows.find((row) => row.userId === userId);
      if (!own) throw unauthenticated('You are no longer a member of this workspace.');
      const member = memberId === null ? own : rows.find(({ id }) => id === memberId);
      if (!member) throw notFound('The member');
      const isLastOwner = member.role === 'owner' && !rows.some(({ id, role, enabled }) => id !== member.id && role === 'owner' && enabled);
      return work({ member, manager, isLastOwner }, own);
    });
  }

  /** What refers to the person stays as history; what would act for them ends. Open approvals hear of it by the event. */
  private async takeOut(context: RequestContext, { member, manager, isLastOwner }: Change, left: boolean): Promise<void> {
    if (isLastOwner) throw lastOwner();
    const { id, userId, role } = member;
    await manager.delete(Membership, { id });
    const [, sessions] = await manager.query<[unknown[], number]>('DELETE FROM session WHERE workspace_id = $1 AND user_id = $2', [context.workspace, userId]);
    await this.revoke(context, manager, REVOKE_KEYS, 'api_key', userId);
    await this.revoke(context, manager, REVOKE_CLIENTS, 'oauth_client', userId);
    await this.revoke(context, manager, REVOKE_INVITATIONS, 'invitation', userId);
    await this.auditLog.record(context, left ? 'member.leave' : 'member.remove', { type: 'membership', id }, { userId, role, sessions });
    await this.events.emit(context, { type: 'member.removed', subjectId: id, payload: { userId, role, left } });
  }

  private async revoke(context: RequestContext, manager: EntityManager, statement: string, type: string, userId: string): Promise<void> {
    const [rows] = await manager.query<[{ id: string }[], number]>(statement, [context.workspace, userId]);
    for (const { id } of rows) await this.auditLog.record(context, `${type}.revoke`, { type, id }, { because: 'member.removed' });
  }
}
