import { Inject, Injectable } from '@nestjs/common';
import type { SelectQueryBuilder } from 'typeorm';
import { isId } from '../../common/ids.js';
import type { RequestContext } from '../../common/request-context.js';
import { SecretBox } from '../../common/secret-box.js';
import { Database } from '../../infrastructure/database/database.js';
import { containing, listPage, type PageArguments, type SortOrder } from '../../infrastructure/database/list-page.js';
import { MailSender } from '../../infrastructure/mail/mail-sender.js';
import { toConnection, type Connection } from '../../protocols/graphql/connection.js';
import { MailMessage, type MailState } from './mail-message.entity.js';
import { HIDDEN_TEXT, readText } from './mail-text.js';

const NEWEST: SortOrder = { name: 'newest', expression: 'mail.created_at', type: 'timestamptz', descending: true };

export interface MailQuery {
  readonly state?: MailState | null;
  readonly subjectId?: string | null;
  readonly text?: string | null;
}

/** Shows what was mailed, to whom, and what became of it. */
@Injectable()
export class MailList {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(MailSender) private readonly sender: MailSender,
    @Inject(SecretBox) private readonly box: SecretBox,
  ) {}

  /** Whether mails leave Perch; otherwise they are only kept. */
  get delivers(): boolean {
    return this.sender.delivers;
  }

  /** The text for a reader with this address; that of a confidential mail is for its addressee alone. */
  textFor(mail: MailMessage, readerEmail: string | null): string {
    return !mail.confidential || readerEmail === mail.toAddress.toLowerCase() ? readText(this.box, mail) : HIDDEN_TEXT;
  }

  list(context: RequestContext, filter: MailQuery, page: PageArguments): Promise<Connection<MailMessage>> {
    return this.database.read(context, async (manager) => {
      const query = (): SelectQueryBuilder<MailMessage> => {
        const builder = manager.getRepository(MailMessage).createQueryBuilder('mail').where('mail.workspace_id = :workspace', { workspace: context.workspace });
        if (filter.state) builder.andWhere('mail.state = :state', { state: filter.state });
        if (filter.subjectId) builder.andWhere('mail.subject_id = :subject', { subject: isId(filter.subjectId) ? filter.subjectId : null });
        if (filter.text) builder.andWhere('(mail.subject ILIKE :text OR mail.to_address ILIKE :text OR mail.to_name ILIKE :text)', { text: containing(filter.text) });
        return builder;
      };
      return toConnection(await listPage(query(), NEWEST, page), () => this.database.read(context, () => query().getCount()));
    });
  }
}
