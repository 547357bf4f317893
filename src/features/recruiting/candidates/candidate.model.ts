import { Field, Float, GraphQLISODateTime, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import { connectionOf } from '../../../protocols/graphql/connection.js';

export const CandidateSortEnum = { NEWEST: 'NEWEST', NAME: 'NAME' } as const;
export type CandidateSort = keyof typeof CandidateSortEnum;
registerEnumType(CandidateSortEnum, { name: 'CandidateSort' });

@ObjectType('Candidate')
export class CandidateModel {
  @Field(() => ID) id: string;
  @Field(() => String, { nullable: true }) currentTitle: string | null;
  @Field(() => Float, { nullable: true }) yearsExperience: number | null;
  @Field(() => [String]) skills: string[];
  @Field(() => GraphQLISODateTime) createdAt: Date;
  personId: string;
  salaryExpectation: string | null;
}

export const CandidateConnection = connectionOf(CandidateModel);

@InputType()
export class CandidateFilter {
  @Field(() => String, { nullable: true, description: 'Part of the name, of the e-mail address or of the current title.' }) text?: string;
  @Field(() => String, { nullable: true, description: 'A skill, exactly.' }) skill?: string;
}
