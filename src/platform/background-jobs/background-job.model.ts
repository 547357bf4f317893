import { Field, GraphQLISODateTime, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { JsonObject } from '../../common/json.js';
import { connectionOf } from '../../protocols/graphql/connection.js';
import { GraphQLJson } from '../../protocols/graphql/json.scalar.js';
import type { BackgroundJobState } from '../../serverless-jobs/entities/background-job.entity.js';
import type { JobAttemptOutcome } from '../../serverless-jobs/entities/job-attempt.entity.js';

export const BackgroundJobStateEnum = { queued: 'queued', running: 'running', waiting: 'waiting', paused: 'paused', done: 'done', dead: 'dead', cancelled: 'cancelled', discarded: 'discarded' } as const;
registerEnumType(BackgroundJobStateEnum, { name: 'BackgroundJobState', description: '"waiting" sleeps or waits for an event; "dead" failed for good and waits for a person, who may put it away as "discarded".' });

@ObjectType('JobAttempt')
export class JobAttemptModel {
  @Field(() => ID) id: string;
  @Field(() => Int) number: number;
  @Field(() => String, { description: 'done, retry, dead, lost, cancelled, yielded or suspended.' }) outcome: JobAttemptOutcome;
  @Field(() => String, { nullable: true }) errorCode: string | null;
  @Field(() => String, { nullable: true }) errorMessage: string | null;
  @Field(() => GraphQLISODateTime) startedAt: Date;
  @Field(() => GraphQLISODateTime, { nullable: true }) finishedAt: Date | null;
}

@ObjectType('BackgroundJob')
export class BackgroundJobModel {
  @Field(() => ID) id: string;
  @Field(() => String) type: string;
  @Field(() => BackgroundJobStateEnum) state: BackgroundJobState;
  @Field(() => String, { nullable: true }) subjectType: string | null;
  @Field(() => ID, { nullable: true }) subjectId: string | null;
  @Field(() => Int, { description: 'Attempts begun so far.' }) attempts: number;
  @Field(() => Int) maxAttempts: number;
  @Field(() => Int, { description: '0 to 100.' }) progressPercent: number;
  @Field(() => String, { nullable: true }) progressMessage: string | null;
  @Field(() => String, { nullable: true, description: 'Stable code of the last failure.' }) errorCode: string | null;
  @Field(() => String, { nullable: true }) errorMessage: string | null;
  @Field(() => GraphQLISODateTime, { description: 'When the next attempt is due.' }) runAt: Date;
  @Field(() => GraphQLISODateTime) createdAt: Date;
  @Field(() => GraphQLISODateTime, { nullable: true }) startedAt: Date | null;
  @Field(() => GraphQLISODateTime, { nullable: true }) finishedAt: Date | null;
  @Field(() => GraphQLJson, { nullable: true }) result: JsonObject | null;
}

export const BackgroundJobConnection = connectionOf(BackgroundJobModel);

@ObjectType()
export class BackgroundJobCount {
  @Field(() => BackgroundJobStateEnum) state: BackgroundJobState;
  @Field(() => Int) count: number;
}

@InputType()
export class BackgroundJobFilter {
  @Field(() => BackgroundJobStateEnum, { nullable: true }) state?: BackgroundJobState;
  @Field(() => String, { nullable: true }) type?: string;
  @Field(() => ID, { nullable: true, description: 'The record that the work is about.' }) subjectId?: string;
}
