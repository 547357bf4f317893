import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { RequestContext } from '../../common/request-context.js';
import { ENVIRONMENT } from '../../config/environment.token.js';
import type { Environment } from '../../config/environment.js';
import { AuditLog } from '../audit-log/audit-log.service.js';
import { DomainEvents } from '../domain-events/domain-events.service.js';
import { MailService } from '../mail/mail.service.js';
import { endSessions } from './own-sessions.service.js';

/** A password that has been replaced. */
export interface PasswordChange {
  readonly userId: string;
  readonly email: string;
  /** The session that goes on; null ends all. */
  readonly keepSession: string | null;
  readonly how: 'change' | 'reset';
}

/** What goes with every new password: whoever knew the old one is out, and its owner hears of it. */
@Injectable()
export class PasswordRecords {
  constructor(
    @Inject(AuditLog) private readonly auditLog: AuditLog,
    @Inject(DomainEvents) private readonly events: DomainEvents,
    @Inject(MailService) private readonly mail: MailService,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  /** Adds to the write of a new password, which has to see the rows of its person in all workspaces. */
  async changed(context: RequestContext, manager: EntityManager, { userId, email, keepSession, how }: PasswordChange): Promise<void> {
    const endedSessions = await endSessions(manager, userId, keepSession);
    await manager.query('DELETE FROM password_reset WHERE user_id = $1 AND used_at IS NULL', [userId]);
    await this.auditLog.record(context, `user.${how}_password`, { type: 'user_account', id: userId }, { endedSessions });
    await this.events.emit(context, { type: 'user.password_changed', subjectId: userId, payload: { how, endedSessions } });
    await this.mail.send(context, {
      kind: 'password_changed', to: { address: email }, subject: 'Your password was changed', about: { type: 'user_account', id: userId },
      text: `Hello,\n\nthe password of your Perch account was changed just now, and ${keepSession === null ? 'all sign-ins were' : 'every other sign-in was'} ended.\n\n`
        + `If this was not you, set a new password at once and tell an owner of your workspace:\n\n${this.environment.publicUrl ?? ''}/reset-password\n`,
    });
  }
}
