import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../../common/clock.js';
import type { RequestContext } from '../../../common/request-context.js';
import { Database } from '../../../infrastructure/database/database.js';
import { MailService } from '../../../platform/mail/mail.service.js';
import { oneLine } from '../one-line.js';
import { daysLater } from './business-days.js';
import { findRecipient, reasonNotToWrite, type OutreachRecipient } from './outreach-recipient.js';
import { Outreach, type OutreachStatus } from './outreach.entity.js';

/** How long an answer to the last mail is waited for. */
const LAST_WAIT_DAYS = 14;

/** What a step of the workflow has done; without `wait` nothing more is to be sent. */
export interface MailSent {
  readonly [key: string]: string | number | null;
  readonly status: OutreachStatus;
  /** Milliseconds until the next mail is due, or the outreach is over. */
  readonly wait: number | null;
}

/** Sends the mails of an outreach. It is called inside a step of its run, whose effects happen once. */
@Injectable()
export class OutreachMail {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(MailService) private readonly mail: MailService,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** Sends the mail of this number, unless the outreach has ended or the candidate must not be written to any more. */
  send(context: RequestContext, outreachId: string, index: number): Promise<MailSent> {
    return this.database.write(context, async (manager) => {
      const outreach = await this.lock(manager, outreachId);
      if (outreach.status !== 'active') return { status: outreach.status, wait: null };
      const recipient = await findRecipient(manager, context.workspace, outreach.applicationId);
      const reason = reasonNotToWrite(recipient);
      if (reason) return this.endAs(manager, outreach, 'stopped', reason);
      await this.write(context, manager, outreach, recipient!, index);
      await manager.update(Outreach, { id: outreach.id }, { sent: index + 1 });
      const now = this.clock.now();
      const next = outreach.messages[index + 1]?.afterDays ?? LAST_WAIT_DAYS;
      return { status: 'active', wait: daysLater(now, next, outreach.businessDays, recipient!.timeZone).getTime() - now.getTime() };
    });
  }

  /** Notes that all mails were sent and none was answered. */
  finish(context: RequestContext, outreachId: string): Promise<MailSent> {
    return this.database.write(context, async (manager) => {
      const outreach = await this.lock(manager, outreachId);
      return outreach.status === 'active' ? this.endAs(manager, outreach, 'finished', null) : { status: outreach.status, wait: null };
    });
  }

  private async write(context: RequestContext, manager: EntityManager, outreach: Outreach, { email, displayName }: OutreachRecipient, index: number): Promise<void> {
    const [sender] = await manager.query<{ email: string }[]>('SELECT email FROM user_account WHERE id = $1', [outreach.startedBy]);
    await this.mail.send(context, {
      kind: 'candidate_outreach', to: { address: email!, name: oneLine(displayName, 200) }, replyTo: sender?.email ?? null,
      subject: oneLine(index === 0 ? outreach.subject : `Re: ${outreach.subject}`, 200), text: outreach.messages[index]!.text,
      about: { type: 'application', id: outreach.applicationId }, dedupeKey: `outreach ${outreach.id} ${index}`,
    });
  }

  private async endAs(manager: EntityManager, outreach: Outreach, status: OutreachStatus, stopReason: string | null): Promise<MailSent> {
    await manager.update(Outreach, { id: outreach.id }, { status, stopReason, endedAt: this.clock.now() });
    return { status, wait: null };
  }

  private lock(manager: EntityManager, id: string): Promise<Outreach> {
    return manager.findOneOrFail(Outreach, { where: { id }, lock: { mode: 'pessimistic_write' } });
  }
}
