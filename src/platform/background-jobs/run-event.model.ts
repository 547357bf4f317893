import { Field, GraphQLISODateTime, Int, ObjectType } from '@nestjs/graphql';
import type { JsonObject } from '../../common/json.js';
import { GraphQLJson } from '../../protocols/graphql/json.scalar.js';
import type { BackgroundJobState } from '../../serverless-jobs/entities/background-job.entity.js';
import { BackgroundJobStateEnum } from './background-job.model.js';

@ObjectType('RunEvent', { description: 'What a run told those who watch it.' })
export class RunEventModel {
  @Field(() => Int, { description: '1 for the first of the run; no number is left out.' }) sequence: number;
  @Field(() => GraphQLISODateTime) at: Date;
  @Field(() => String, { description: 'Like section.text; section.restarted says that the text of the section so far is to be dropped.' }) kind: string;
  @Field(() => GraphQLJson) data: JsonObject;
}

@ObjectType('RunEventPage')
export class RunEventPageModel {
  @Field(() => [RunEventModel]) events: RunEventModel[];
  @Field(() => BackgroundJobStateEnum, { description: 'State of the run at the moment of the last event.' }) state: BackgroundJobState;
  @Field(() => Boolean, { description: 'The run has ended and these are its last events.' }) ended: boolean;
}
