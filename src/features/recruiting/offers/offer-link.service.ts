import { Inject, Injectable } from '@nestjs/common';
import { notFound } from '../../../common/errors.js';
import { Database } from '../../../infrastructure/database/database.js';
import { ApprovalLinks, type OpenedLink } from '../../../platform/approvals/approval-links.service.js';
import { ApprovalService } from '../../../platform/approvals/approval.service.js';
import type { OfferLinkModel } from './offer-link.model.js';
import type { PayPeriod } from './offer-version.entity.js';

interface LinkedOffer extends Omit<OfferLinkModel, 'pay'> {
  readonly amount: string;
  readonly currency: string;
  readonly period: PayPeriod;
}

/** The terms are found by the hash that the link is bound to, whatever the offer says by now. */
const FIND = `
SELECT me.display_name AS approver, p.display_name AS candidate, j.title AS "jobTitle", u.display_name AS "requestedBy", v.number, v.pay_amount AS amount,
       v.pay_currency AS currency, v.pay_period AS period, v.start_date::text AS "startDate", v.expires_at AS "expiresAt", v.terms ->> 'text' AS "otherTerms", r.due_at AS "dueAt"
FROM approval r JOIN offer_version v ON v.workspace_id = r.workspace_id AND v.offer_id = r.subject_id AND v.terms_hash = $3
JOIN offer o ON o.id = v.offer_id AND o.workspace_id = v.workspace_id
JOIN application a ON a.id = o.application_id AND a.workspace_id = o.workspace_id
JOIN candidate c ON c.id = a.candidate_id AND c.workspace_id = a.workspace_id
JOIN person p ON p.id = c.person_id AND p.workspace_id = c.workspace_id
JOIN job_opening j ON j.id = a.job_opening_id AND j.workspace_id = a.workspace_id
JOIN user_account u ON u.id = r.requested_by JOIN user_account me ON me.id = $4
WHERE r.workspace_id = $1 AND r.id = $2`;

/** Shows what a mailed link asks about. */
@Injectable()
export class OfferLinks {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ApprovalLinks) private readonly links: ApprovalLinks,
    @Inject(ApprovalService) private readonly approvals: ApprovalService,
  ) {}

  /** Throws NOT_FOUND, LINK_USED, LINK_EXPIRED, and NOT_YOUR_APPROVAL, APPROVAL_CLOSED or ALREADY_DECIDED where there is nothing to decide. */
  show(token: string, requestId: string): Promise<OfferLinkModel> {
    return this.links.open(token, requestId, (link) => this.read(link));
  }

  private async read({ context, approvalId, termsHash }: OpenedLink): Promise<OfferLinkModel> {
    await this.approvals.requireTurn(context, approvalId, termsHash);
    const [row] = await this.database.read(context, (manager) => manager.query<LinkedOffer[]>(FIND, [context.workspace, approvalId, termsHash, context.actor.id]));
    if (!row) throw notFound('The offer');
    const { amount, currency, period, ...rest } = row;
    return { ...rest, pay: { amount: Number(amount), currency, period } };
  }
}
