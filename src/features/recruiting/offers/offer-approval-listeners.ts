import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../../infrastructure/database/database.js';
import type { RequestContext } from '../../../common/request-context.js';
import { AuditLog } from '../../../platform/audit-log/audit-log.service.js';
import { OnDomainEvent, type DomainEvent, type DomainEventListener } from '../../../platform/domain-events/domain-event.js';
import { DomainEvents } from '../../../platform/domain-events/domain-events.service.js';
import type { ApprovalStatus } from '../../../platform/approvals/approval.entity.js';
import { OfferApprovalMail } from './offer-approval-mail.service.js';

interface AboutApproval {
  readonly [key: string]: string;
  readonly subjectType: string;
  readonly subjectId: string;
}

interface Decided extends AboutApproval {
  readonly decision: Exclude<ApprovalStatus, 'pending'>;
}

/** Puts the end of an approval on the offer in the transaction in which it ends: neither is ever seen without the other. */
@Injectable()
@OnDomainEvent('approval.decided')
export class ApplyApproval implements DomainEventListener<Decided> {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AuditLog) private readonly auditLog: AuditLog,
    @Inject(DomainEvents) private readonly events: DomainEvents,
  ) {}

  async on(context: RequestContext, { subjectId: approvalId, payload }: DomainEvent<Decided>): Promise<void> {
    const { subjectType, subjectId: offerId, decision } = payload;
    // An edit or a withdrawal voids the approval and says itself what becomes of the offer.
    if (subjectType !== 'offer' || decision === 'voided') return;
    await this.database.write(context, async (manager) => {
      const [, changed] = await manager.query<[unknown[], number]>(
        `UPDATE offer SET status = $4, version = version + 1, updated_at = now() WHERE workspace_id = $1 AND id = $2 AND approval_id = $3 AND status = 'pending_approval'`,
        [context.workspace, offerId, approvalId, decision === 'approved' ? 'approved' : 'draft']);
      if (changed === 0) return;
      await this.auditLog.record(context, 'offer.approval_end', { type: 'offer', id: offerId }, { approvalId, decision });
      await this.events.emit(context, { type: `offer.approval_${decision}`, subjectId: offerId, payload: { approvalId } });
    });
  }
}

/** Asks whose turn it has become, after an answer or a delegation. */
@Injectable()
@OnDomainEvent('approval.turn')
export class AskNextApprover implements DomainEventListener<AboutApproval> {
  constructor(@Inject(OfferApprovalMail) private readonly mail: OfferApprovalMail) {}

  async on(context: RequestContext, { subjectId: approvalId, payload }: DomainEvent<AboutApproval>): Promise<void> {
    if (payload.subjectType === 'offer') await this.mail.ask(context, payload.subjectId, approvalId);
  }
}

interface ApproverLeft extends Readonly<Record<string, string | boolean>> {
  readonly subjectType: string;
  readonly subjectId: string;
  readonly waiting: boolean;
}

/** Tells owners and admins at once when an offer waits for somebody who has left the team. */
@Injectable()
@OnDomainEvent('approval.approver_left')
export class AskInstead implements DomainEventListener<ApproverLeft> {
  constructor(@Inject(OfferApprovalMail) private readonly mail: OfferApprovalMail) {}

  async on(context: RequestContext, { subjectId: approvalId, payload }: DomainEvent<ApproverLeft>): Promise<void> {
    if (payload.subjectType === 'offer' && payload.waiting) await this.mail.escalate(context, payload.subjectId, approvalId);
  }
}
