import { Field, Float, GraphQLISODateTime, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { connectionOf } from '../../../protocols/graphql/connection.js';
import type { Necessity } from './criterion.entity.js';
import type { EmploymentType, JobOpeningStatus } from './job-opening.entity.js';

export const JobOpeningStatusEnum = { draft: 'draft', open: 'open', on_hold: 'on_hold', closed: 'closed', archived: 'archived' } as const;
registerEnumType(JobOpeningStatusEnum, { name: 'JobOpeningStatus' });
export const EmploymentTypeEnum = { FULL_TIME: 'FULL_TIME', PART_TIME: 'PART_TIME', CONTRACTOR: 'CONTRACTOR', TEMPORARY: 'TEMPORARY', INTERN: 'INTERN' } as const;
registerEnumType(EmploymentTypeEnum, { name: 'EmploymentType' });
export const NecessityEnum = { must: 'must', nice: 'nice' } as const;
registerEnumType(NecessityEnum, { name: 'Necessity' });
export const JobOpeningSortEnum = { NEWEST: 'NEWEST', TITLE: 'TITLE' } as const;
export type JobOpeningSort = keyof typeof JobOpeningSortEnum;
registerEnumType(JobOpeningSortEnum, { name: 'JobOpeningSort' });

@ObjectType('Criterion')
export class CriterionModel {
  @Field(() => ID) id: string;
  @Field(() => String) label: string;
  @Field(() => NecessityEnum) necessity: Necessity;
}

@ObjectType('JobPosting')
export class JobPostingModel {
  @Field(() => ID) id: string;
  @Field(() => String, { description: 'Last part of the address of the public page.' }) slug: string;
  @Field(() => String) title: string;
  @Field(() => String) description: string;
  @Field(() => String, { nullable: true }) location: string | null;
  @Field(() => EmploymentTypeEnum) employmentType: EmploymentType;
  @Field(() => GraphQLISODateTime, { nullable: true }) publishedAt: Date | null;
  @Field(() => GraphQLISODateTime, { nullable: true }) withdrawnAt: Date | null;
}

@ObjectType('JobOpening')
export class JobOpeningModel {
  @Field(() => ID) id: string;
  @Field(() => String) title: string;
  @Field(() => String) description: string;
  @Field(() => String, { nullable: true }) department: string | null;
  @Field(() => String, { nullable: true }) location: string | null;
  @Field(() => EmploymentTypeEnum) employmentType: EmploymentType;
  @Field(() => JobOpeningStatusEnum) status: JobOpeningStatus;
  @Field(() => Float, { nullable: true }) minimumYears: number | null;
  @Field(() => Int) version: number;
  @Field(() => GraphQLISODateTime) createdAt: Date;
  @Field(() => GraphQLISODateTime, { nullable: true }) openedAt: Date | null;
  @Field(() => GraphQLISODateTime, { nullable: true }) closedAt: Date | null;
  pipelineId: string;
  companyId: string | null;
}

export const JobOpeningConnection = connectionOf(JobOpeningModel);

@InputType()
export class JobOpeningFilter {
  @Field(() => String, { nullable: true, description: 'Part of the title.' }) text?: string;
  @Field(() => JobOpeningStatusEnum, { nullable: true }) status?: JobOpeningStatus;
}

@InputType()
export class CriterionInput {
  @Field(() => String) label: string;
  @Field(() => NecessityEnum) necessity: Necessity;
}

@InputType()
export class JobRequirementsInput {
  @Field(() => String) title: string;
  @Field(() => String) description: string;
  @Field(() => Float, { nullable: true }) minimumYears?: number;
  @Field(() => [CriterionInput], { nullable: true }) criteria?: CriterionInput[];
}

@InputType()
export class JobOpeningInput {
  @Field(() => String) title: string;
  @Field(() => String) description: string;
  @Field(() => String, { nullable: true }) department?: string;
  @Field(() => String, { nullable: true }) location?: string;
  @Field(() => EmploymentTypeEnum, { nullable: true }) employmentType?: EmploymentType;
  @Field(() => Float, { nullable: true }) minimumYears?: number;
  @Field(() => ID, { nullable: true, description: 'The first pipeline of the workspace where it is not given.' }) pipelineId?: string;
  @Field(() => ID, { nullable: true }) companyId?: string;
  @Field(() => [CriterionInput], { nullable: true }) criteria?: CriterionInput[];
}
