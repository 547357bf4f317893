import { DiscoveryService } from '@nestjs/core';
import type { JsonObject } from '../../common/json.js';
import type { RequestContext } from '../../common/request-context.js';

/** A fact inside Perch. `type` is noun and past verb, `application.submitted`. */
export interface DomainEvent<Payload extends JsonObject = JsonObject> {
  readonly type: string;
  readonly subjectId: string;
  readonly payload: Payload;
}

/** The fact as it was stored. */
export interface StoredDomainEvent<Payload extends JsonObject = JsonObject> extends DomainEvent<Payload> {
  readonly id: string;
  readonly at: Date;
}

/** Instead of a type: all events. */
export const EVERY_EVENT = '*';

/** Marks a class that reacts to the events of one type, inside the transaction of the change that caused them. */
export const OnDomainEvent = DiscoveryService.createDecorator<string>();

/** Reacts to an event. What it writes commits or rolls back together with the cause, so it should only enqueue or note. */
export interface DomainEventListener<Payload extends JsonObject = JsonObject> {
  on(context: RequestContext, event: StoredDomainEvent<Payload>): Promise<void>;
}
