import { Field, GraphQLISODateTime, ID, ObjectType } from '@nestjs/graphql';
import type { JsonObject } from '../../common/json.js';
import { GraphQLJson } from '../../protocols/graphql/json.scalar.js';

@ObjectType('Notification')
export class NotificationModel {
  @Field(() => ID) id: string;
  @Field(() => String, { description: 'daily_digest, background_job_dead_letter, background_job_stuck_jobs or webhook_disabled.' }) kind: string;
  @Field(() => GraphQLJson) body: JsonObject;
  @Field(() => GraphQLISODateTime) createdAt: Date;
}
