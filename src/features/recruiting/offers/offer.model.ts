import { Field, Float, GraphQLISODateTime, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { connectionOf } from '../../../protocols/graphql/connection.js';
import type { OtherTerms, PayPeriod } from './offer-version.entity.js';
import type { OfferStatus } from './offer.entity.js';

export const OfferStatusEnum = {
  draft: 'draft', pending_approval: 'pending_approval', approved: 'approved', sent: 'sent', accepted: 'accepted', declined: 'declined', expired: 'expired', withdrawn: 'withdrawn',
} as const;
registerEnumType(OfferStatusEnum, { name: 'OfferStatus' });
export const PayPeriodEnum = { hour: 'hour', day: 'day', month: 'month', year: 'year' } as const;
registerEnumType(PayPeriodEnum, { name: 'PayPeriod' });

@ObjectType('OfferPay')
export class OfferPayModel {
  @Field(() => Float) amount: number;
  @Field(() => String, { description: 'ISO 4217, for example EUR.' }) currency: string;
  @Field(() => PayPeriodEnum) period: PayPeriod;
}

@ObjectType('OfferVersion')
export class OfferVersionModel {
  @Field(() => Int) number: number;
  @Field(() => String, { nullable: true, description: 'YYYY-MM-DD.' }) startDate: string | null;
  @Field(() => GraphQLISODateTime) expiresAt: Date;
  @Field(() => String, { description: 'What these terms are recognised by.' }) termsHash: string;
  @Field(() => GraphQLISODateTime) createdAt: Date;
  payAmount: number;
  payCurrency: string;
  payPeriod: PayPeriod;
  terms: OtherTerms;
}

@ObjectType('Offer')
export class OfferModel {
  @Field(() => ID) id: string;
  @Field(() => OfferStatusEnum) status: OfferStatus;
  @Field(() => Int, { description: 'Give it with an edit, so that nobody overwrites what you have not seen.' }) version: number;
  @Field(() => GraphQLISODateTime) createdAt: Date;
  applicationId: string;
  currentVersion: number;
  approvalId: string | null;
}

export const OfferConnection = connectionOf(OfferModel);

@InputType()
export class OfferFilter {
  @Field(() => ID, { nullable: true }) applicationId?: string;
  @Field(() => OfferStatusEnum, { nullable: true }) status?: OfferStatus;
}

@InputType()
export class OfferTermsInput {
  @Field(() => Float) payAmount: number;
  @Field(() => String, { description: 'ISO 4217, for example EUR.' }) payCurrency: string;
  @Field(() => PayPeriodEnum) payPeriod: PayPeriod;
  @Field(() => String, { nullable: true, description: 'YYYY-MM-DD.' }) startDate?: string;
  @Field(() => GraphQLISODateTime, { description: 'Until when the candidate may accept.' }) expiresAt: Date;
  @Field(() => String, { nullable: true }) otherTerms?: string;
}
