import { Field, GraphQLISODateTime, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { JsonObject } from '../../common/json.js';
import { connectionOf } from '../../protocols/graphql/connection.js';
import { GraphQLJson } from '../../protocols/graphql/json.scalar.js';
import type { JobAttemptOutcome } from '../../serverless-jobs/entities/job-attempt.entity.js';
import type { JobLogLevel } from '../../serverless-jobs/entities/job-log.entity.js';
import { TIMELINE_KINDS, type TimelineEntry } from './job-timeline.js';

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

@ObjectType('WorkflowStep', { description: 'A step of a workflow and what became of it.' })
export class WorkflowStepModel {
  @Field(() => String) name: string;
  @Field(() => Int) position: number;
  @Field(() => String, { description: 'run, sleep, event, child or enqueue.' }) kind: string;
  @Field(() => String, { description: 'running, waiting, retrying, done or failed.' }) state: string;
  @Field(() => Int) attempts: number;
  @Field(() => String, { nullable: true, description: 'The event that it waits for.' }) eventName: string | null;
  @Field(() => ID, { nullable: true, description: 'The job that it waits for.' }) childId: string | null;
  @Field(() => GraphQLISODateTime, { nullable: true }) dueAt: Date | null;
  @Field(() => GraphQLJson, { nullable: true, description: 'Secrets are hidden.' }) result: JsonObject | null;
  @Field(() => String, { nullable: true }) errorCode: string | null;
  @Field(() => String, { nullable: true }) errorMessage: string | null;
  @Field(() => GraphQLISODateTime) startedAt: Date;
  @Field(() => GraphQLISODateTime, { nullable: true }) finishedAt: Date | null;
}

@ObjectType('JobLogLine')
export class JobLogLineModel {
  @Field(() => Int, { description: 'Number of the attempt that wrote it.' }) attempt: number;
  @Field(() => Int) sequence: number;
  @Field(() => GraphQLISODateTime) at: Date;
  @Field(() => String, { description: 'debug, info, warn or error.' }) level: JobLogLevel;
  @Field(() => String) message: string;
  @Field(() => GraphQLJson, { nullable: true }) data: JsonObject | null;
}

export const JobLogLineConnection = connectionOf(JobLogLineModel);

export const JobTimelineKindEnum = Object.fromEntries(TIMELINE_KINDS.map((kind) => [kind, kind]));
registerEnumType(JobTimelineKindEnum, { name: 'JobTimelineKind' });

@ObjectType('JobTimelineEntry', { description: 'A bar of the waterfall; a moment ends when it starts, and what goes on has no end.' })
export class JobTimelineEntryModel {
  @Field(() => JobTimelineKindEnum) kind: TimelineEntry['kind'];
  @Field(() => String) label: string;
  @Field(() => GraphQLISODateTime) startedAt: Date;
  @Field(() => GraphQLISODateTime, { nullable: true }) finishedAt: Date | null;
  @Field(() => String, { nullable: true, description: 'The outcome of an attempt, the state of a step, or the state in which the job ended.' }) outcome: string | null;
  @Field(() => String, { nullable: true }) detail: string | null;
}
