import { Field, GraphQLISODateTime, Int, ObjectType } from '@nestjs/graphql';
import { OfferPayModel } from './offer.model.js';

@ObjectType('OfferApprovalLink', { description: 'What somebody who opened a mailed link is asked to approve.' })
export class OfferLinkModel {
  @Field(() => String) approver: string;
  @Field(() => String) candidate: string;
  @Field(() => String) jobTitle: string;
  @Field(() => String) requestedBy: string;
  @Field(() => Int) number: number;
  @Field(() => OfferPayModel) pay: OfferPayModel;
  @Field(() => String, { nullable: true }) startDate: string | null;
  @Field(() => GraphQLISODateTime) expiresAt: Date;
  @Field(() => String, { nullable: true }) otherTerms: string | null;
  @Field(() => GraphQLISODateTime) dueAt: Date;
}
