import { Inject, Injectable } from '@nestjs/common';
import type { RequestContext } from '../../common/request-context.js';
import { ENVIRONMENT } from '../../config/environment.token.js';
import type { Environment } from '../../config/environment.js';
import { AuditLog } from '../audit-log/audit-log.service.js';
import { MailService } from '../mail/mail.service.js';

/** Mails the link with which a password is set, and notes that it was asked for. */
@Injectable()
export class PasswordResetMail {
  constructor(
    @Inject(MailService) private readonly mail: MailService,
    @Inject(AuditLog) private readonly auditLog: AuditLog,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  /** Takes part in the write that makes the link. */
  async send(context: RequestContext, { userId, email }: { readonly userId: string; readonly email: string }, token: string): Promise<void> {
    await this.auditLog.record(context, 'user.request_password_reset', { type: 'user_account', id: userId });
    await this.mail.send(context, {
      kind: 'password_reset', confidential: true, to: { address: email }, subject: 'Set a new password', about: { type: 'user_account', id: userId },
      // The secret stands behind the #: browsers do not send it to servers, logs or other sites.
      text: `Hello,\n\nsomebody asked for a new password of your Perch account. Within half an hour you can set one here:\n\n${this.environment.publicUrl ?? ''}/reset-password#${token}\n\n`
        + 'If this was not you, do nothing: your password stays as it is.\n',
    });
  }
}
