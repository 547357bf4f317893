import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { newId } from '../../common/ids.js';
import type { RequestContext } from '../../common/request-context.js';
import { SecretBox } from '../../common/secret-box.js';
import { idText, parseInput } from '../../common/validation.js';
import type { Environment } from '../../config/environment.js';
import { ENVIRONMENT } from '../../config/environment.token.js';
import { Database } from '../../infrastructure/database/database.js';
import { MailSender } from '../../infrastructure/mail/mail-sender.js';
import { MAIL_CONTENT } from '../../infrastructure/mail/outgoing-mail.js';
import { ServerlessJobService } from '../../serverless-jobs/serverless-job.service.js';
import { AuditLog } from '../audit-log/audit-log.service.js';
import { storedText } from './mail-text.js';
import { sendMail } from './mail.jobs.js';

const NEW_MAIL = MAIL_CONTENT.extend({
  /** What sort of mail it is, `offer_approval`. */
  kind: z.string().regex(/^[a-z][a-z0-9_]{0,62}$/, 'must be lower-case words joined by underscores'),
  /** The record that the mail is about. */
  about: z.object({ type: z.string().regex(/^[a-z][a-z0-9_]{0,62}$/, 'is not the name of a record'), id: idText }).nullable().default(null),
  /** A second mail with the same key is not written. */
  dedupeKey: z.string().min(1).max(300).nullable().default(null),
  /** Whether its text opens something for its addressee alone; nobody else sees it in the outbox then. */
  confidential: z.boolean().default(false),
}).refine(({ confidential, html }) => !confidential || html === null, 'A confidential mail is plain text.');

export type NewMail = z.input<typeof NEW_MAIL>;

const INSERT = `
INSERT INTO mail_message (id, workspace_id, message_id, to_address, to_name, reply_to, subject, text, html, unsubscribe_url, kind, subject_type, subject_id, dedupe_key, confidential, sealed_text)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
ON CONFLICT (workspace_id, dedupe_key) WHERE dedupe_key IS NOT NULL DO NOTHING RETURNING id`;

/** Sends mail: the row and its background job are written in the caller's transaction, the mail leaves after the commit. */
@Injectable()
export class MailService {
  private readonly domain: string;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ServerlessJobService) private readonly jobs: ServerlessJobService,
    @Inject(AuditLog) private readonly auditLog: AuditLog,
    @Inject(SecretBox) private readonly box: SecretBox,
    @Inject(MailSender) private readonly sender: MailSender,
    @Inject(ENVIRONMENT) environment: Environment,
  ) {
    this.domain = environment.mailFrom?.address.split('@')[1] ?? 'perch.invalid';
  }

  /** Whether mails leave Perch; otherwise they are only kept. */
  get delivers(): boolean {
    return this.sender.delivers;
  }

  /**
   * Writes a mail and enqueues its sending. Returns its id; the id of the earlier mail where the dedupe key is taken.
   * Throws INVALID_INPUT for a wrong address, a subject or name of several lines, or a text that is too long.
   */
  async send(context: RequestContext, input: NewMail): Promise<string> {
    const mail = parseInput(NEW_MAIL, input);
    return this.database.write(context, async (manager) => {
      const id = newId();
      const { text, sealedText } = storedText(this.box, context.workspace, mail.text, mail.confidential);
      const inserted = await manager.query<{ id: string }[]>(INSERT, [
        id, context.workspace, `<${id}@${this.domain}>`, mail.to.address, mail.to.name, mail.replyTo, mail.subject, text, mail.html, mail.unsubscribeUrl,
        mail.kind, mail.about?.type ?? null, mail.about?.id ?? null, mail.dedupeKey, mail.confidential, sealedText,
      ]);
      if (inserted.length === 0) return this.existing(context, mail.dedupeKey!);
      await this.auditLog.record(context, 'mail.send', { type: 'mail_message', id }, { kind: mail.kind, to: mail.to.address });
      await this.jobs.enqueue(context, sendMail, { mailId: id }, { subject: { type: 'mail_message', id }, dedupeKey: id });
      return id;
    });
  }

  private async existing(context: RequestContext, dedupeKey: string): Promise<string> {
    const rows = await this.database.write(context, (manager) => manager.query<{ id: string }[]>(
      'SELECT id FROM mail_message WHERE workspace_id = $1 AND dedupe_key = $2', [context.workspace, dedupeKey]));
    return rows[0]!.id;
  }
}
