import { Inject, Injectable } from '@nestjs/common';
import type { RequestContext } from '../../../common/request-context.js';
import { Database } from '../../../infrastructure/database/database.js';
import { ApprovalService, type ApprovalRequest, type NewDecision } from '../../../platform/approvals/approval.service.js';
import { AuditLog } from '../../../platform/audit-log/audit-log.service.js';
import { ServerlessJobService } from '../../../serverless-jobs/serverless-job.service.js';
import { Offer } from './offer.entity.js';
import { offerClosed, OfferService } from './offer.service.js';
import { APPROVAL_TIME_MS, offerApproval } from './offers.jobs.js';

export type OfferApprovalRequest = Pick<ApprovalRequest, 'approverIds' | 'required' | 'mode'>;

/** Asks for the approval of offers. */
@Injectable()
export class OfferApprovalService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(OfferService) private readonly offers: OfferService,
    @Inject(ApprovalService) private readonly approvals: ApprovalService,
    @Inject(ServerlessJobService) private readonly jobs: ServerlessJobService,
    @Inject(AuditLog) private readonly auditLog: AuditLog,
  ) {}

  /**
   * Begins the approval of the terms that hold now: the approval, the state of the offer and the workflow that sees it through
   * are one transaction. Throws NOT_FOUND, OFFER_CLOSED when it is no draft, and what ApprovalService.request throws.
   */
  async request(context: RequestContext, offerId: string, request: OfferApprovalRequest): Promise<Offer> {
    return this.database.write(context, async (manager) => {
      const offer = await this.offers.lock(manager, offerId);
      if (offer.status !== 'draft') throw offerClosed('Only a draft can be given to approvers.');
      const { termsHash } = await this.offers.currentTerms(context, offer);
      const approval = await this.approvals.request(context, { ...request, subjectType: 'offer', subjectId: offer.id, termsHash, dueIn: APPROVAL_TIME_MS });
      Object.assign(offer, { status: 'pending_approval', approvalId: approval.id, updatedAt: new Date() });
      await manager.save(offer);
      await this.jobs.enqueue(context, offerApproval, { offerId: offer.id, approvalId: approval.id }, { subject: { type: 'offer', id: offer.id }, dedupeKey: approval.id });
      await this.auditLog.record(context, 'offer.request_approval', { type: 'offer', id: offer.id }, { approvalId: approval.id, version: offer.currentVersion });
      return offer;
    });
  }

  /** Takes the caller's answer. Throws what ApprovalService.decide throws. */
  async decide(context: RequestContext, approvalId: string, decision: NewDecision): Promise<Offer> {
    const { subjectId } = await this.approvals.decide(context, approvalId, decision);
    return this.offers.get(context, subjectId);
  }
}
