import { Inject, Injectable } from '@nestjs/common';
import type { RequestContext } from '../../../common/request-context.js';
import { EntityLoader } from '../../../infrastructure/database/entity-loader.js';
import { ApprovalPeople } from '../../../platform/approvals/approval-people.service.js';
import { OfferVersion } from './offer-version.entity.js';
import { Offer } from './offer.entity.js';
import { readOfferPay, readOffers } from './offers.permissions.js';

/** Decides who sees which offer, and who its pay. */
@Injectable()
export class OfferReading {
  constructor(
    @Inject(ApprovalPeople) private readonly people: ApprovalPeople,
    @Inject(EntityLoader) private readonly loader: EntityLoader,
  ) {}

  /** The offer, for those who may read offers and for its approvers; null for others. */
  async find(context: RequestContext, id: string): Promise<Offer | null> {
    const offer = await this.loader.byId(context, Offer, id);
    if (!offer || context.can(readOffers)) return offer;
    return (await this.people.asked(context)).subjectIds.has(offer.id) ? offer : null;
  }

  /** The terms that hold now. */
  async terms(context: RequestContext, offer: Pick<Offer, 'id' | 'currentVersion'>): Promise<OfferVersion | null> {
    const versions = await this.loader.manyBy(context, OfferVersion, 'offerId', offer.id);
    return versions.find(({ number }) => number === offer.currentVersion) ?? null;
  }

  /** The offers of an application, the newest first; none without the right to read offers. */
  async ofApplication(context: RequestContext, applicationId: string): Promise<Offer[]> {
    if (!context.can(readOffers)) return [];
    const offers = await this.loader.manyBy(context, Offer, 'applicationId', applicationId);
    return offers.sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
  }

  /** Whether the caller sees pay and other terms: by right, or because they are asked to approve exactly these. */
  async maySeePay(context: RequestContext, termsHash: string): Promise<boolean> {
    return context.can(readOfferPay) || (await this.people.asked(context)).termsHashes.has(termsHash);
  }
}
