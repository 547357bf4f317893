import { Inject, Injectable } from '@nestjs/common';
import type { JsonObject } from '../../common/json.js';
import type { RequestContext } from '../../common/request-context.js';
import { ENVIRONMENT } from '../../config/environment.token.js';
import type { Environment } from '../../config/environment.js';
import { Database } from '../../infrastructure/database/database.js';
import { AuditLog } from '../audit-log/audit-log.service.js';
import { DomainEvents } from '../domain-events/domain-events.service.js';
import { MailService } from '../mail/mail.service.js';
import { NotificationService } from '../notifications/notification.service.js';
import { INVITATION_DAYS, type Invitation, type SentInvitation } from './invitation.js';

const FIND_NAMES = 'SELECT w.name AS workspace, u.display_name AS inviter FROM workspace w JOIN user_account u ON u.id = $2 WHERE w.id = $1';

/** A name in a subject or sentence: one line of bearable length. */
const line = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').trim().slice(0, 100);

/** What is told of invitations, in the write that changes them. */
@Injectable()
export class InvitationRecords {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AuditLog) private readonly auditLog: AuditLog,
    @Inject(DomainEvents) private readonly events: DomainEvents,
    @Inject(MailService) private readonly mail: MailService,
    @Inject(NotificationService) private readonly notifications: NotificationService,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  /** An audit row and the fact `invitation.<fact>`. */
  async note(context: RequestContext, { id, email, role }: Pick<Invitation, 'id' | 'email' | 'role'>, action: string, fact: string, details: JsonObject = {}): Promise<void> {
    await this.auditLog.record(context, `invitation.${action}`, { type: 'invitation', id }, { email, role, ...details });
    await this.events.emit(context, { type: `invitation.${fact}`, subjectId: id, payload: { role, ...details } });
  }

  /** Notes the new member, and tells whoever invited them. */
  async accepted(context: RequestContext, invitation: Pick<Invitation, 'id' | 'email' | 'role'>, { memberId, userId, invitedBy }: { readonly memberId: string; readonly userId: string; readonly invitedBy: string }): Promise<void> {
    await this.note(context, invitation, 'accept', 'accepted', { memberId });
    await this.auditLog.record(context, 'member.add', { type: 'membership', id: memberId }, { userId, role: invitation.role });
    await this.events.emit(context, { type: 'member.added', subjectId: memberId, payload: { userId, role: invitation.role } });
    await this.notifications.add(context, { userId: invitedBy, kind: 'invitation_accepted', dedupeKey: invitation.id, body: { text: `${invitation.email} has joined the team.` } });
  }

  /** Notes that a link was made, and mails it. */
  async sent(context: RequestContext, invitation: Invitation, token: string, action: 'create' | 'resend'): Promise<SentInvitation> {
    await this.note(context, invitation, action, action === 'create' ? 'created' : 'resent');
    const [names] = await this.database.write(context, (manager) => manager.query<{ workspace: string; inviter: string }[]>(FIND_NAMES, [context.workspace, invitation.invitedBy]));
    // The secret stands behind the #: browsers do not send it to servers, logs or other sites.
    const link = `${this.environment.publicUrl ?? ''}/invitation#${token}`;
    const [workspace, inviter] = [line(names!.workspace), line(names!.inviter)];
    await this.mail.send(context, {
      kind: 'invitation', confidential: true, to: { address: invitation.email }, subject: `${inviter} invites you to ${workspace}`, about: { type: 'invitation', id: invitation.id },
      text: `Hello,\n\n${inviter} invites you to work with ${workspace} in Perch. Within ${INVITATION_DAYS} days you can accept here:\n\n${link}\n\n`
        + 'If you do not know what this is about, do nothing.\n',
    });
    return { ...invitation, link: this.mail.delivers ? null : link };
  }
}
