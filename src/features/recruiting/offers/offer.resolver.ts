import { Inject } from '@nestjs/common';
import { Args, ID, Int, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { RequestContext } from '../../../common/request-context.js';
import { EntityLoader } from '../../../infrastructure/database/entity-loader.js';
import { RequirePermission, SignedIn } from '../../../platform/access-control/authorize.js';
import { Approval } from '../../../platform/approvals/approval.entity.js';
import { ApprovalModel } from '../../../platform/approvals/approval.model.js';
import { Caller } from '../../../protocols/graphql/caller.js';
import { ConnectionArguments, type Connection } from '../../../protocols/graphql/connection.js';
import { Application } from '../applications/application.entity.js';
import { ApplicationModel } from '../applications/application.model.js';
import { OfferReading } from './offer-reading.service.js';
import { OfferVersion } from './offer-version.entity.js';
import { Offer } from './offer.entity.js';
import { OfferConnection, OfferFilter, OfferModel, OfferPayModel, OfferTermsInput, OfferVersionModel } from './offer.model.js';
import { OfferService } from './offer.service.js';
import { readOffers, writeOffers } from './offers.permissions.js';

@Resolver(() => OfferModel)
export class OfferResolver {
  constructor(
    @Inject(OfferService) private readonly offers: OfferService,
    @Inject(OfferReading) private readonly reading: OfferReading,
    @Inject(EntityLoader) private readonly loader: EntityLoader,
  ) {}

  @Query(() => OfferConnection, { name: 'offers', description: 'The newest first.' })
  @RequirePermission(readOffers)
  list(
    @Caller() context: RequestContext,
    @Args() page: ConnectionArguments,
    @Args('filter', { nullable: true }) filter?: OfferFilter,
  ): Promise<Connection<Offer>> {
    return this.offers.list(context, filter ?? {}, page);
  }

  @Query(() => OfferModel, { name: 'offer', nullable: true, description: 'Also for those who are asked to approve it.' })
  @SignedIn(true)
  find(@Caller() context: RequestContext, @Args('id', { type: () => ID }) id: string): Promise<Offer | null> {
    return this.reading.find(context, id);
  }

  @Mutation(() => OfferModel)
  @RequirePermission(writeOffers)
  createOffer(@Caller() context: RequestContext, @Args('applicationId', { type: () => ID }) applicationId: string, @Args('terms') terms: OfferTermsInput): Promise<Offer> {
    return this.offers.create(context, applicationId, terms);
  }

  @Mutation(() => OfferModel, { description: 'Gives the offer new terms. An approval of the old ones no longer holds.' })
  @RequirePermission(writeOffers)
  editOffer(
    @Caller() context: RequestContext,
    @Args('id', { type: () => ID }) id: string,
    @Args('version', { type: () => Int, description: 'That of the offer as you have seen it.' }) version: number,
    @Args('terms') terms: OfferTermsInput,
  ): Promise<Offer> {
    return this.offers.edit(context, id, version, terms);
  }

  @Mutation(() => OfferModel)
  @RequirePermission(writeOffers)
  withdrawOffer(@Caller() context: RequestContext, @Args('id', { type: () => ID }) id: string): Promise<Offer> {
    return this.offers.withdraw(context, id);
  }

  @ResolveField(() => ApplicationModel)
  application(@Caller() context: RequestContext, @Parent() offer: OfferModel): Promise<Application | null> {
    return this.loader.byId(context, Application, offer.applicationId);
  }

  @ResolveField(() => OfferVersionModel, { description: 'What is offered now.' })
  terms(@Caller() context: RequestContext, @Parent() offer: OfferModel): Promise<OfferVersion | null> {
    return this.reading.terms(context, offer);
  }

  @ResolveField(() => ApprovalModel, { nullable: true, description: 'The one that was asked for last.' })
  approval(@Caller() context: RequestContext, @Parent() offer: OfferModel): Promise<Approval | null> {
    return this.loader.byId(context, Approval, offer.approvalId);
  }
}

@Resolver(() => OfferVersionModel)
export class OfferVersionResolver {
  constructor(@Inject(OfferReading) private readonly reading: OfferReading) {}

  @ResolveField(() => OfferPayModel, { nullable: true, description: 'Null without the right offers.pay.read, except for those who are asked to approve these terms.' })
  async pay(@Caller() context: RequestContext, @Parent() version: OfferVersionModel): Promise<OfferPayModel | null> {
    const visible = await this.reading.maySeePay(context, version.termsHash);
    return visible ? { amount: version.payAmount, currency: version.payCurrency, period: version.payPeriod } : null;
  }

  @ResolveField(() => String, { nullable: true, description: 'Shown to those who see pay.' })
  async otherTerms(@Caller() context: RequestContext, @Parent() version: OfferVersionModel): Promise<string | null> {
    return (await this.reading.maySeePay(context, version.termsHash)) ? version.terms.text : null;
  }
}

@Resolver(() => ApplicationModel)
export class ApplicationOffersResolver {
  constructor(@Inject(OfferReading) private readonly reading: OfferReading) {}

  @ResolveField(() => [OfferModel], { description: 'The newest first; none without the right offers.read.' })
  offers(@Caller() context: RequestContext, @Parent() application: ApplicationModel): Promise<Offer[]> {
    return this.reading.ofApplication(context, application.id);
  }
}
