import { Field, Float, GraphQLISODateTime, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { connectionOf } from '../../../protocols/graphql/connection.js';
import type { ActorType } from '../../../common/request-context.js';
import type { ApplicationStatus } from './application.entity.js';

export const ApplicationStatusEnum = { active: 'active', hired: 'hired', rejected: 'rejected', withdrawn: 'withdrawn' } as const;
registerEnumType(ApplicationStatusEnum, { name: 'ApplicationStatus' });
export const ApplicationSortEnum = { NEWEST: 'NEWEST', SCORE: 'SCORE' } as const;
export type ApplicationSort = keyof typeof ApplicationSortEnum;
registerEnumType(ApplicationSortEnum, { name: 'ApplicationSort' });

@ObjectType('StageEvent')
export class StageEventModel {
  @Field(() => ID) id: string;
  @Field(() => String) actorType: ActorType;
  @Field(() => String, { nullable: true }) reason: string | null;
  @Field(() => Float, { nullable: true, description: 'Milliseconds spent in the stage before.' }) timeInPreviousMs: number | null;
  @Field(() => GraphQLISODateTime) at: Date;
  fromStageId: string | null;
  toStageId: string;
  actorId: string | null;
}

@ObjectType('Application')
export class ApplicationModel {
  @Field(() => ID) id: string;
  @Field(() => ApplicationStatusEnum) status: ApplicationStatus;
  @Field(() => String) source: string;
  @Field(() => String, { nullable: true }) rejectReason: string | null;
  @Field(() => GraphQLISODateTime) appliedAt: Date;
  @Field(() => GraphQLISODateTime) stageSince: Date;
  @Field(() => Float, { nullable: true, description: '0 to 100; null until the resume has been analysed.' }) score: number | null;
  @Field(() => Int) version: number;
  candidateId: string;
  jobOpeningId: string;
  pipelineStageId: string;
  resumeDocumentId: string | null;
  analysisJobId: string | null;
  scoreRunId: string | null;
}

export const ApplicationConnection = connectionOf(ApplicationModel);

@InputType()
export class ApplicationFilter {
  @Field(() => ID, { nullable: true }) jobOpeningId?: string;
  @Field(() => ID, { nullable: true }) stageId?: string;
  @Field(() => ID, { nullable: true }) candidateId?: string;
  @Field(() => ApplicationStatusEnum, { nullable: true }) status?: ApplicationStatus;
}
