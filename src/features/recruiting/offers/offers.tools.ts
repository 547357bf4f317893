import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { JsonObject } from '../../../common/json.js';
import type { RequestContext } from '../../../common/request-context.js';
import { textUpTo } from '../../../common/validation.js';
import type { Approval } from '../../../platform/approvals/approval.entity.js';
import { ApprovalPeople } from '../../../platform/approvals/approval-people.service.js';
import { defineTool, McpTools, type ToolSet } from '../../../protocols/mcp/mcp-tool.js';
import { compact, ID_INPUT } from '../../../protocols/mcp/tool-page.js';
import { OfferApprovalService } from './offer-approval.service.js';
import { OfferReading } from './offer-reading.service.js';
import { termsOf } from './offer-terms.js';
import { decideOffers } from './offers.permissions.js';

const MOST = 20;

/** Approvals are given by people: an API key that asks for its own finds none. */
@Injectable()
@McpTools()
export class OffersTools implements ToolSet {
  readonly tools = [
    defineTool({
      name: 'find_approvals', description: 'Offers that wait for your approval, the most urgent first.', permission: decideOffers, effect: 'read', input: z.object({}),
      run: async (context) => ({ result: { items: await Promise.all((await this.people.mine(context)).filter(({ subjectType }) => subjectType === 'offer').slice(0, MOST).map((one) => this.shown(context, one))) } }),
    }),
    defineTool({
      name: 'approve_offer', description: 'Gives your approval to the terms of an offer, or refuses it with approve: false.', permission: decideOffers, effect: 'destroy',
      input: z.object({ approval_id: ID_INPUT, terms_hash: z.hex().length(64).describe('from find_approvals: you decide about these terms and no others'), approve: z.boolean().default(true), comment: textUpTo(2_000).optional() }),
      run: async (context, { approval_id: id, terms_hash: termsHash, approve, comment }) => {
        const offer = await this.approvals.decide(context, id, { approve, comment: comment ?? null, termsHash });
        return { result: { offerId: offer.id, status: offer.status } };
      },
    }),
  ];

  constructor(
    @Inject(OfferApprovalService) private readonly approvals: OfferApprovalService,
    @Inject(OfferReading) private readonly reading: OfferReading,
    @Inject(ApprovalPeople) private readonly people: ApprovalPeople,
  ) {}

  private async shown(context: RequestContext, approval: Approval): Promise<JsonObject> {
    const offer = await this.reading.find(context, approval.subjectId);
    const terms = offer && (await this.reading.maySeePay(context, approval.termsHash)) ? await this.reading.terms(context, offer) : null;
    return compact({
      approvalId: approval.id, termsHash: approval.termsHash, dueAt: approval.dueAt.toISOString(), offerId: offer?.id ?? null, applicationId: offer?.applicationId ?? null,
      terms: terms ? JSON.parse(JSON.stringify(termsOf(terms))) as JsonObject : null,
    });
  }
}
