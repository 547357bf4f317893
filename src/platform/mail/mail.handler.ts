import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { z } from 'zod';
import { redactText } from '../../common/redact.js';
import { SecretBox } from '../../common/secret-box.js';
import { MailError } from '../../infrastructure/mail/mail-error.js';
import { MailSender, type MailOutcome } from '../../infrastructure/mail/mail-sender.js';
import type { OutgoingMail } from '../../infrastructure/mail/outgoing-mail.js';
import { JobHandler, type JobWork } from '../../serverless-jobs/definition/job-handler.js';
import { NonRetryableError } from '../../serverless-jobs/definition/non-retryable-error.js';
import type { RunningJob } from '../../serverless-jobs/runner/running-job.js';
import { MailMessage } from './mail-message.entity.js';
import { readText } from './mail-text.js';
import { sendMail } from './mail.jobs.js';

/** A job that was given up leaves its mail as failed; a retry by hand then takes the mail up again. */
const NOTE_FAILURE = `
UPDATE mail_message SET error_code = $4, error_message = $5, state = CASE
  WHEN $6 OR EXISTS (SELECT 1 FROM background_job WHERE workspace_id = $1 AND id = $3 AND attempts >= max_attempts) THEN 'failed' ELSE 'queued' END
WHERE workspace_id = $1 AND id = $2`;

const NOTE_OUTCOME = `
UPDATE mail_message SET state = $3, sent_at = CASE $3 WHEN 'sent' THEN now() END, error_code = NULL, error_message = NULL
WHERE workspace_id = $1 AND id = $2`;

const outgoing = (mail: MailMessage, text: string): OutgoingMail => ({
  messageId: mail.messageId, date: mail.createdAt, to: { address: mail.toAddress, name: mail.toName }, replyTo: mail.replyTo,
  subject: mail.subject, text, html: mail.html, unsubscribeUrl: mail.unsubscribeUrl,
});

/**
 * Sends a mail once. Between the server's yes and the commit lies a moment in which a death of the process leads to a second
 * sending: it carries the same Message-ID, by which mail programs recognise it.
 */
@Injectable()
@JobHandler(sendMail)
export class SendMail implements JobWork<typeof sendMail> {
  constructor(
    @Inject(MailSender) private readonly sender: MailSender,
    @Inject(SecretBox) private readonly box: SecretBox,
  ) {}

  async handle(job: RunningJob, { mailId }: z.output<typeof sendMail.payload>): Promise<void> {
    const mail = await job.transaction((manager) => this.claim(manager, mailId));
    if (mail.state === 'sent' || mail.state === 'kept') return job.complete(async () => ({ outcome: mail.state, alreadySent: true }));
    const outcome = await this.deliver(job, mail);
    await job.complete(async (manager) => {
      await manager.query(NOTE_OUTCOME, [job.context.workspace, mailId, outcome]);
      return { outcome };
    });
  }

  private async claim(manager: EntityManager, mailId: string): Promise<MailMessage> {
    const mail = await manager.getRepository(MailMessage).findOne({ where: { id: mailId }, lock: { mode: 'pessimistic_write' } });
    if (!mail) throw new NonRetryableError('MAIL_GONE', 'The mail has been deleted.');
    if (mail.state === 'queued' || mail.state === 'failed') await manager.increment(MailMessage, { id: mailId }, 'attempts', 1);
    return mail;
  }

  private async deliver(job: RunningJob, mail: MailMessage): Promise<MailOutcome> {
    try {
      return await this.sender.send(outgoing(mail, readText(this.box, mail)), job.signal);
    } catch (error) {
      if (!(error instanceof MailError)) throw error;
      const text = redactText(error.publicMessage);
      await job.transaction((manager) => manager.query(NOTE_FAILURE, [job.context.workspace, mail.id, job.id, error.code, text, !error.retryable]));
      throw error.retryable ? error : new NonRetryableError(error.code, text);
    }
  }
}
