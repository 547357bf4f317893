import { Field, GraphQLISODateTime, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { connectionOf } from '../../protocols/graphql/connection.js';
import type { CompanyStatus } from './company.entity.js';

export const CompanyStatusEnum = { prospect: 'prospect', client: 'client', former: 'former' } as const;
registerEnumType(CompanyStatusEnum, { name: 'CompanyStatus' });

export const CompanySortEnum = { NAME: 'NAME', NEWEST: 'NEWEST' } as const;
export type CompanySort = keyof typeof CompanySortEnum;
registerEnumType(CompanySortEnum, { name: 'CompanySort' });

@ObjectType('Company')
export class CompanyModel {
  @Field(() => ID) id: string;
  @Field(() => String) name: string;
  @Field(() => String, { nullable: true }) domain: string | null;
  @Field(() => String, { nullable: true }) industry: string | null;
  @Field(() => String, { nullable: true }) location: string | null;
  @Field(() => CompanyStatusEnum) status: CompanyStatus;
  @Field(() => Int, { description: 'Grows with each change; send it back with an update.' }) version: number;
  @Field(() => GraphQLISODateTime) createdAt: Date;
}

export const CompanyConnection = connectionOf(CompanyModel);

@InputType()
export class CompanyFilter {
  @Field(() => String, { nullable: true, description: 'Part of the name or domain.' }) text?: string;
  @Field(() => CompanyStatusEnum, { nullable: true }) status?: CompanyStatus;
}

@InputType()
export class CompanyInput {
  @Field(() => String) name: string;
  @Field(() => String, { nullable: true }) domain?: string;
  @Field(() => String, { nullable: true }) industry?: string;
  @Field(() => String, { nullable: true }) location?: string;
  @Field(() => CompanyStatusEnum, { nullable: true }) status?: CompanyStatus;
}
