import { Field, Float, GraphQLISODateTime, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { JsonObject } from '../../common/json.js';
import { connectionOf } from '../../protocols/graphql/connection.js';
import { GraphQLJson } from '../../protocols/graphql/json.scalar.js';
import type { BackgroundJobState } from '../../serverless-jobs/entities/background-job.entity.js';
import { STATES } from './background-job.filter.js';
import { BACKGROUND_JOB_ORDERS } from './background-job-list.service.js';
import { BULK_ACTIONS, type BulkAction } from './background-jobs.jobs.js';

const enumOf = <Value extends string>(values: readonly Value[]): Record<Value, Value> => Object.fromEntries(values.map((value) => [value, value])) as Record<Value, Value>;

export const BackgroundJobStateEnum = enumOf(STATES);
registerEnumType(BackgroundJobStateEnum, { name: 'BackgroundJobState', description: '"waiting" sleeps or waits for an event; "dead" failed for good and waits for a person, who may put it away as "discarded".' });

export const BackgroundJobKindEnum = enumOf(['job', 'workflow']);
registerEnumType(BackgroundJobKindEnum, { name: 'BackgroundJobKind' });

export const BackgroundJobOrderEnum = enumOf(BACKGROUND_JOB_ORDERS);
registerEnumType(BackgroundJobOrderEnum, { name: 'BackgroundJobOrder', description: 'DUE shows only what still waits for its start, the next first.' });

export const BackgroundJobActionEnum = enumOf<BulkAction>(BULK_ACTIONS);
registerEnumType(BackgroundJobActionEnum, { name: 'BackgroundJobAction', description: 'What can be done to many jobs at once.' });

@ObjectType('BackgroundJob')
export class BackgroundJobModel {
  @Field(() => ID) id: string;
  @Field(() => String) type: string;
  @Field(() => BackgroundJobKindEnum) kind: 'job' | 'workflow';
  @Field(() => BackgroundJobStateEnum) state: BackgroundJobState;
  @Field(() => String, { nullable: true }) subjectType: string | null;
  @Field(() => ID, { nullable: true }) subjectId: string | null;
  @Field(() => String, { nullable: true, description: 'Work of this type with the same key exists once.' }) dedupeKey: string | null;
  @Field(() => String, { nullable: true, description: 'Work with the same key runs one after another.' }) concurrencyKey: string | null;
  @Field(() => Int, { description: '1 is the most urgent, 3 the least.' }) priority: number;
  @Field(() => Boolean, { description: 'Held back by a concurrency limit until another job of the key ends.' }) parked: boolean;
  @Field(() => Int, { description: 'Attempts begun so far.' }) attempts: number;
  @Field(() => Int) maxAttempts: number;
  @Field(() => Int, { description: '0 to 100.' }) progressPercent: number;
  @Field(() => String, { nullable: true }) progressMessage: string | null;
  @Field(() => GraphQLJson, { nullable: true, description: 'Records of chunked work: done, total, failed.' }) counters: JsonObject | null;
  @Field(() => String, { nullable: true, description: 'Stable code of the last failure.' }) errorCode: string | null;
  @Field(() => String, { nullable: true }) errorMessage: string | null;
  @Field(() => String, { nullable: true, description: 'Why it was put away.' }) discardReason: string | null;
  @Field(() => GraphQLISODateTime, { description: 'When the next attempt is due.' }) runAt: Date;
  @Field(() => GraphQLISODateTime) createdAt: Date;
  @Field(() => GraphQLISODateTime, { nullable: true }) startedAt: Date | null;
  @Field(() => GraphQLISODateTime, { nullable: true }) finishedAt: Date | null;
}

export const BackgroundJobConnection = connectionOf(BackgroundJobModel);

@ObjectType()
export class BackgroundJobCount {
  @Field(() => BackgroundJobStateEnum) state: BackgroundJobState;
  @Field(() => Int) count: number;
}

@ObjectType({ description: 'What waits for its start in this workspace at this moment.' })
export class BackgroundJobQueue {
  @Field(() => Int, { description: 'Due and not yet begun.' }) due: number;
  @Field(() => Int, { description: 'To be begun at a later time.' }) later: number;
  @Field(() => Int, { description: 'Held back by a concurrency limit.' }) parked: number;
  @Field(() => Int) running: number;
  @Field(() => Float, { nullable: true, description: 'Milliseconds that the longest waiting job has been due.' }) oldestDueAge: number | null;
}

@InputType({ description: 'All members must fit; one that is left out means any.' })
export class BackgroundJobFilter {
  @Field(() => [BackgroundJobStateEnum], { nullable: true }) states?: BackgroundJobState[];
  @Field(() => String, { nullable: true }) type?: string;
  @Field(() => BackgroundJobKindEnum, { nullable: true }) kind?: 'job' | 'workflow';
  @Field(() => ID, { nullable: true, description: 'The record that the work is about.' }) subjectId?: string;
  @Field(() => ID, { nullable: true, description: 'The workflow that waits for it.' }) parentId?: string;
  @Field(() => String, { nullable: true, description: 'The dedupe key or the concurrency key.' }) key?: string;
  @Field(() => String, { nullable: true, description: 'Looked for in errors, progress, type and, with the right background-jobs.payload, the payload. At most 200 characters.' }) text?: string;
  @Field(() => GraphQLISODateTime, { nullable: true }) createdAfter?: Date;
  @Field(() => GraphQLISODateTime, { nullable: true }) createdBefore?: Date;
}
