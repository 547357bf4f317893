import { Field, GraphQLISODateTime, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { JsonObject } from '../../common/json.js';
import { connectionOf } from '../../protocols/graphql/connection.js';
import { GraphQLJson } from '../../protocols/graphql/json.scalar.js';
import type { DeliveryState } from './webhook-delivery.entity.js';
import type { DisabledReason, WebhookState } from './webhook.entity.js';

export const WebhookStateEnum = { enabled: 'enabled', disabled: 'disabled' } as const;
registerEnumType(WebhookStateEnum, { name: 'WebhookState' });

export const DisabledReasonEnum = { by_member: 'by_member', gone: 'gone', failing: 'failing' } as const;
registerEnumType(DisabledReasonEnum, { name: 'WebhookDisabledReason', description: '"gone": the endpoint answered 410. "failing": nothing that was sent to it for five days arrived.' });

export const DeliveryStateEnum = { pending: 'pending', delivered: 'delivered', failed: 'failed' } as const;
registerEnumType(DeliveryStateEnum, { name: 'WebhookDeliveryState', description: '"failed": every attempt of the schedule, or the endpoint is disabled.' });

@ObjectType('WebhookEventType', { description: 'A fact that endpoints can be told of.' })
export class WebhookEventTypeModel {
  @Field(() => String, { description: 'The type of the CloudEvent.' }) type: string;
  @Field(() => String) about: string;
  @Field(() => GraphQLJson, { description: 'A `data` as it can be.' }) example: JsonObject;
}

@ObjectType('WebhookDeliveryCounts', { description: 'Of the deliveries of the last seven days.' })
export class DeliveryCountsModel {
  @Field(() => Int) pending: number;
  @Field(() => Int) delivered: number;
  @Field(() => Int) failed: number;
  @Field(() => GraphQLISODateTime, { nullable: true }) lastDeliveredAt: Date | null;
}

@ObjectType('Webhook', { description: 'An endpoint outside that is told of events.' })
export class WebhookModel {
  @Field(() => ID) id: string;
  @Field(() => String) name: string;
  @Field(() => String) url: string;
  @Field(() => [String], { nullable: true, description: 'CloudEvents types; null for all.' }) eventTypes: string[] | null;
  @Field(() => WebhookStateEnum) state: WebhookState;
  @Field(() => DisabledReasonEnum, { nullable: true }) disabledReason: DisabledReason | null;
  @Field(() => GraphQLISODateTime, { nullable: true }) disabledAt: Date | null;
  @Field(() => GraphQLISODateTime, { nullable: true, description: 'Since when every attempt has failed.' }) failingSince: Date | null;
  @Field(() => GraphQLISODateTime, { nullable: true, description: 'Until when messages are signed with the secret before as well.' }) previousSecretUntil: Date | null;
  @Field(() => Int, { description: 'Grows with each change; send it back with an update.' }) version: number;
  @Field(() => GraphQLISODateTime) createdAt: Date;
}

@ObjectType()
export class WebhookWithSecretModel {
  @Field(() => WebhookModel) webhook: WebhookModel;
  @Field(() => String, { description: 'The secret that messages are signed with. It is shown this once.' }) secret: string;
}

@ObjectType('WebhookAttempt', { description: 'One request to an endpoint.' })
export class WebhookAttemptModel {
  @Field(() => Int) number: number;
  @Field(() => GraphQLISODateTime) at: Date;
  @Field(() => Int, { description: 'Milliseconds.' }) durationMs: number;
  @Field(() => Int, { nullable: true, description: 'Null where nothing was answered.' }) status: number | null;
  @Field(() => String, { nullable: true, description: 'TARGET_REFUSED, TIMED_OUT, UNREACHABLE, REDIRECTED, GONE or NOT_ACCEPTED.' }) errorCode: string | null;
  @Field(() => String, { nullable: true }) errorMessage: string | null;
  @Field(() => String, { nullable: true, description: 'How the body of the answer began: show it as text, never as HTML.' }) answer: string | null;
}

@ObjectType('WebhookDelivery', { description: 'One event for one endpoint.' })
export class WebhookDeliveryModel {
  @Field(() => ID) id: string;
  @Field(() => ID) webhookId: string;
  @Field(() => ID, { description: 'The id of the CloudEvent and the header webhook-id, the same in every attempt.' }) eventId: string;
  @Field(() => String) eventType: string;
  @Field(() => String, { description: 'As it is sent.' }) body: string;
  @Field(() => DeliveryStateEnum) state: DeliveryState;
  @Field(() => Int, { description: 'Attempts that have ended.' }) attempts: number;
  @Field(() => GraphQLISODateTime, { nullable: true }) nextAttemptAt: Date | null;
  @Field(() => GraphQLISODateTime) createdAt: Date;
  @Field(() => GraphQLISODateTime, { nullable: true }) endedAt: Date | null;
}

export const WebhookDeliveryConnection = connectionOf(WebhookDeliveryModel);

@InputType()
export class WebhookDeliveryFilter {
  @Field(() => ID, { nullable: true }) webhookId?: string;
  @Field(() => DeliveryStateEnum, { nullable: true }) state?: DeliveryState;
}

@InputType()
export class WebhookInput {
  @Field(() => String, { description: 'Unique in the workspace, at most 100 characters.' }) name: string;
  @Field(() => String, { description: 'An https address of the public internet.' }) url: string;
  @Field(() => [String], { nullable: true, description: 'Types of `webhookEventTypes`; left out for all, also those that are yet to come.' }) eventTypes?: string[];
}
