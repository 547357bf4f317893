import { Inject, Injectable } from '@nestjs/common';
import type { RequestContext } from '../../../common/request-context.js';
import { ENVIRONMENT } from '../../../config/environment.token.js';
import type { Environment } from '../../../config/environment.js';
import { Database } from '../../../infrastructure/database/database.js';
import { ApprovalLinks } from '../../../platform/approvals/approval-links.service.js';
import { ApprovalPeople, type Recipient } from '../../../platform/approvals/approval-people.service.js';
import type { ApprovalStatus } from '../../../platform/approvals/approval.entity.js';
import { MailService } from '../../../platform/mail/mail.service.js';
import { NotificationService } from '../../../platform/notifications/notification.service.js';
import { oneLine } from '../one-line.js';

interface OfferSubject {
  readonly applicationId: string;
  readonly candidate: string;
  readonly jobTitle: string;
}

interface Message {
  /** What happened, in one word; a person is told it once an approval. */
  readonly occasion: 'ask' | 'remind' | 'escalate' | 'decided';
  readonly subject: string;
  readonly text: string;
}

const FIND_SUBJECT = `
SELECT a.id AS "applicationId", p.display_name AS candidate, j.title AS "jobTitle" FROM offer o
JOIN application a ON a.id = o.application_id AND a.workspace_id = o.workspace_id
JOIN candidate c ON c.id = a.candidate_id AND c.workspace_id = a.workspace_id
JOIN person p ON p.id = c.person_id AND p.workspace_id = c.workspace_id
JOIN job_opening j ON j.id = a.job_opening_id AND j.workspace_id = a.workspace_id
WHERE o.workspace_id = $1 AND o.id = $2`;

const FIND_REQUESTER = `
SELECT u.id AS "userId", u.email, u.display_name AS "displayName" FROM approval a JOIN user_account u ON u.id = a.requested_by
JOIN membership m ON m.workspace_id = a.workspace_id AND m.user_id = u.id
WHERE a.workspace_id = $1 AND a.id = $2`;

const ENDINGS: Readonly<Record<Exclude<ApprovalStatus, 'pending' | 'voided'>, string>> = {
  approved: 'The offer is approved.',
  rejected: 'The offer was not approved. It is a draft again: change its terms and ask once more.',
  expired: 'Nobody decided in time, so the request has ended. The offer is a draft again: ask once more.',
};

/** Tells people about approvals of offers, by mail and in Perch, each of them once. Pay is not in the mails: the page that they lead to shows it. */
@Injectable()
export class OfferApprovalMail {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ApprovalPeople) private readonly people: ApprovalPeople,
    @Inject(ApprovalLinks) private readonly links: ApprovalLinks,
    @Inject(MailService) private readonly mail: MailService,
    @Inject(NotificationService) private readonly notifications: NotificationService,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  /** Asks those whose turn it is and who have not been asked. */
  async ask(context: RequestContext, offerId: string, approvalId: string): Promise<void> {
    const about = await this.subject(context, offerId);
    await this.tell(context, approvalId, about, await this.people.takeUnasked(context, approvalId), {
      occasion: 'ask', subject: `Please approve the offer to ${about.candidate}`, text: `You are asked to approve the offer to ${about.candidate} for ${about.jobTitle}.`,
    });
  }

  async remind(context: RequestContext, offerId: string, approvalId: string): Promise<void> {
    const about = await this.subject(context, offerId);
    await this.tell(context, approvalId, about, await this.people.waitedFor(context, approvalId), {
      occasion: 'remind', subject: `Reminder: the offer to ${about.candidate} waits for you`, text: `The offer to ${about.candidate} for ${about.jobTitle} still waits for your answer.`,
    });
  }

  /** Tells owners and admins that they can answer in the place of those who did not. */
  async escalate(context: RequestContext, offerId: string, approvalId: string): Promise<void> {
    const about = await this.subject(context, offerId);
    const missing = (await this.people.waitedFor(context, approvalId)).map(({ displayName }) => displayName).join(', ') || 'somebody who has left the team';
    await this.tell(context, approvalId, about, await this.people.inCharge(context, approvalId), {
      occasion: 'escalate', subject: `The offer to ${about.candidate} is stuck`, text: `The offer to ${about.candidate} for ${about.jobTitle} waits for ${missing}. You can answer instead.`,
    });
  }

  /** Tells who asked how it ended. */
  async tellRequester(context: RequestContext, offerId: string, approvalId: string, decision: Exclude<ApprovalStatus, 'pending' | 'voided'>): Promise<void> {
    const about = await this.subject(context, offerId);
    const [requester] = await this.database.read(context, (manager) => manager.query<Recipient[]>(FIND_REQUESTER, [context.workspace, approvalId]));
    if (!requester) return;
    const message: Message = { occasion: 'decided', subject: `The offer to ${about.candidate} was ${decision === 'expired' ? 'not decided' : decision}`, text: ENDINGS[decision] };
    await this.send(context, approvalId, about, requester, message, `${this.environment.publicUrl ?? ''}/applications/${about.applicationId}`);
  }

  /** Tells those who were asked and did not answer that they need not any more; in Perch only. */
  async callOff(context: RequestContext, offerId: string, approvalId: string): Promise<void> {
    const { applicationId, candidate } = await this.subject(context, offerId);
    for (const { userId } of await this.people.askedInVain(context, approvalId)) {
      await this.notifications.add(context, { userId, kind: 'offer_approval', dedupeKey: `${approvalId} off`, body: { applicationId, text: `The offer to ${candidate} no longer needs your answer.` } });
    }
  }

  private async tell(context: RequestContext, approvalId: string, about: OfferSubject, recipients: readonly Recipient[], message: Message): Promise<void> {
    for (const recipient of recipients) {
      const token = await this.links.create(context, approvalId, recipient.userId);
      // The secret stands behind the #: browsers do not send it to servers, logs or other sites.
      await this.send(context, approvalId, about, recipient, message, `${this.environment.publicUrl ?? ''}/approve#${token}`);
    }
  }

  private async send(context: RequestContext, approvalId: string, about: OfferSubject, { userId, email, displayName }: Recipient, message: Message, link: string): Promise<void> {
    const { occasion, subject, text } = message;
    await this.notifications.add(context, { userId, kind: 'offer_approval', dedupeKey: `${approvalId} ${occasion}`, body: { applicationId: about.applicationId, text } });
    await this.mail.send(context, {
      kind: 'offer_approval', confidential: true, to: { address: email, name: oneLine(displayName, 200) }, subject: oneLine(subject, 200), text: `Hello ${oneLine(displayName, 200)},\n\n${text}\n\n${link}\n`,
      about: { type: 'approval', id: approvalId }, dedupeKey: `offer_approval ${occasion} ${approvalId} ${userId}`,
    });
  }

  private async subject(context: RequestContext, offerId: string): Promise<OfferSubject> {
    const [row] = await this.database.read(context, (manager) => manager.query<OfferSubject[]>(FIND_SUBJECT, [context.workspace, offerId]));
    if (!row) throw new Error('An offer that is asked about has no application.');
    return row;
  }
}
