import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { notFound } from '../../../common/errors.js';
import type { RequestContext } from '../../../common/request-context.js';
import { defineOperation, RestOperations, type OperationSet } from '../../../protocols/rest/rest-operation.js';
import { ID, named, PAGE_QUERY, pageAnswer, pageOf, pageSchema, TIME, timeText } from '../../../protocols/rest/rest-schemas.js';
import { OfferReading } from './offer-reading.service.js';
import type { Offer } from './offer.entity.js';
import { OfferService } from './offer.service.js';
import { readOffers } from './offers.permissions.js';

const STATUS = z.enum(['draft', 'pending_approval', 'approved', 'sent', 'accepted', 'declined', 'expired', 'withdrawn']);
const TERMS = named('OfferTerms', {
  number: z.int(), startDate: z.iso.date().nullable(), expiresAt: TIME,
  pay: z.strictObject({ amount: z.number(), currency: z.string(), period: z.enum(['hour', 'day', 'month', 'year']) }).nullable().describe('Null without the permission offers.pay.read.'),
  otherTerms: z.string().nullable().describe('Shown to those who see pay.'), termsHash: z.string(), createdAt: TIME,
});
const OFFER = named('Offer', { id: ID, applicationId: ID, status: STATUS, terms: TERMS.describe('What is offered now.'), version: z.int(), createdAt: TIME, updatedAt: TIME });
const QUERY = z.object({ applicationId: ID.optional(), status: STATUS.optional(), ...PAGE_QUERY });

@Injectable()
@RestOperations()
export class OffersController implements OperationSet {
  readonly operations = [
    defineOperation({
      name: 'listOffers', method: 'GET', path: '/offers', tag: 'Offers', summary: 'Lists offers, the newest first.', permission: readOffers, query: QUERY, answer: pageSchema('OfferPage', OFFER),
      run: async (context, { query: { applicationId = null, status = null, ...page } }) => pageAnswer(await this.offers.list(context, { applicationId, status }, pageOf(page)), (offer) => this.shown(context, offer)),
    }),
    defineOperation({
      name: 'getOffer', method: 'GET', path: '/offers/{id}', tag: 'Offers', summary: 'Reads one offer with the terms that hold now.', permission: readOffers, answer: OFFER,
      run: async (context, { id }) => this.shown(context, await this.offers.get(context, id)),
    }),
  ];

  constructor(
    @Inject(OfferService) private readonly offers: OfferService,
    @Inject(OfferReading) private readonly reading: OfferReading,
  ) {}

  private async shown(context: RequestContext, offer: Offer): Promise<z.input<typeof OFFER>> {
    const { id, applicationId, status, version, createdAt, updatedAt } = offer;
    const terms = await this.reading.terms(context, offer);
    if (!terms) throw notFound('The offer');
    const seesPay = await this.reading.maySeePay(context, terms.termsHash);
    return {
      id, applicationId, status, version, createdAt: timeText(createdAt), updatedAt: timeText(updatedAt),
      terms: {
        number: terms.number, startDate: terms.startDate, expiresAt: timeText(terms.expiresAt), pay: seesPay ? { amount: terms.payAmount, currency: terms.payCurrency, period: terms.payPeriod } : null,
        otherTerms: seesPay ? terms.terms.text : null, termsHash: terms.termsHash, createdAt: timeText(terms.createdAt),
      },
    };
  }
}
