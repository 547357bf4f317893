import { Inject } from '@nestjs/common';
import { Args, ID, Int, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { RequestContext } from '../../../common/request-context.js';
import { Public, RequirePermission, SignedIn } from '../../../platform/access-control/authorize.js';
import { ApprovalLinks } from '../../../platform/approvals/approval-links.service.js';
import type { ApprovalMode, ApprovalStatus } from '../../../platform/approvals/approval.entity.js';
import { ApprovalModeEnum, ApprovalModel, ApprovalStatusEnum } from '../../../platform/approvals/approval.model.js';
import { Caller } from '../../../protocols/graphql/caller.js';
import { OfferApprovalService } from './offer-approval.service.js';
import { OfferLinkModel } from './offer-link.model.js';
import { OfferLinks } from './offer-link.service.js';
import { OfferReading } from './offer-reading.service.js';
import { Offer } from './offer.entity.js';
import { OfferModel } from './offer.model.js';
import { writeOffers } from './offers.permissions.js';

const HASH = { description: 'termsHash of the terms that you have seen.' };

@Resolver(() => ApprovalModel)
export class OfferApprovalResolver {
  constructor(
    @Inject(OfferApprovalService) private readonly approvals: OfferApprovalService,
    @Inject(OfferReading) private readonly reading: OfferReading,
  ) {}

  @Mutation(() => OfferModel, { description: 'Asks for the approval of the terms that hold now.' })
  @RequirePermission(writeOffers)
  requestOfferApproval(
    @Caller() context: RequestContext,
    @Args('offerId', { type: () => ID }) offerId: string,
    @Args('approverIds', { type: () => [ID], description: 'Users, in the order in which they are asked.' }) approverIds: string[],
    @Args('required', { type: () => Int, description: 'How many of them must say yes.' }) required: number,
    @Args('mode', { type: () => ApprovalModeEnum }) mode: ApprovalMode,
  ): Promise<Offer> {
    return this.approvals.request(context, offerId, { approverIds, required, mode });
  }

  @Mutation(() => OfferModel)
  @SignedIn(true)
  approveOffer(
    @Caller() context: RequestContext,
    @Args('approvalId', { type: () => ID }) approvalId: string,
    @Args('termsHash', HASH) termsHash: string,
    @Args('comment', { type: () => String, nullable: true }) comment: string | null,
  ): Promise<Offer> {
    return this.approvals.decide(context, approvalId, { approve: true, comment, termsHash });
  }

  @Mutation(() => OfferModel)
  @SignedIn(true)
  rejectOffer(
    @Caller() context: RequestContext,
    @Args('approvalId', { type: () => ID }) approvalId: string,
    @Args('termsHash', HASH) termsHash: string,
    @Args('comment', { type: () => String, nullable: true }) comment: string | null,
  ): Promise<Offer> {
    return this.approvals.decide(context, approvalId, { approve: false, comment, termsHash });
  }

  @ResolveField(() => OfferModel, { nullable: true, description: 'What is to be approved.' })
  async offer(@Caller() context: RequestContext, @Parent() approval: ApprovalModel): Promise<Offer | null> {
    return approval.subjectType === 'offer' ? this.reading.find(context, approval.subjectId) : null;
  }
}

@Resolver()
export class OfferLinkResolver {
  constructor(
    @Inject(OfferLinks) private readonly offers: OfferLinks,
    @Inject(ApprovalLinks) private readonly links: ApprovalLinks,
  ) {}

  @Query(() => OfferLinkModel, { description: 'What a mailed link asks about. Reading does not use it up.' })
  @Public(true)
  offerApprovalLink(@Caller() context: RequestContext, @Args('token') token: string): Promise<OfferLinkModel> {
    return this.offers.show(token, context.requestId);
  }

  @Mutation(() => ApprovalStatusEnum, { description: 'Decides with a mailed link, which works once. Answers how the approval stands now.' })
  @Public(true)
  async decideOfferByLink(
    @Caller() context: RequestContext,
    @Args('token') token: string,
    @Args('approve', { type: () => Boolean }) approve: boolean,
    @Args('comment', { type: () => String, nullable: true }) comment: string | null,
  ): Promise<ApprovalStatus> {
    return (await this.links.decide(token, context.requestId, approve, comment)).status;
  }
}
