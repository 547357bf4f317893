import { DiscoveryService } from '@nestjs/core';
import type { EntityManager } from 'typeorm';
import type { z } from 'zod';
import type { JsonObject } from '../../common/json.js';
import type { StoredDomainEvent } from '../domain-events/domain-event.js';

const TYPE_PREFIX = 'io.perch.';

/** A fact that is told outside: which one, in which words and with which fields. */
export interface WebhookEvent {
  /** Type of the domain event, `application.submitted`. */
  readonly on: string;
  /** Type of the CloudEvent, `io.perch.application.submitted`. */
  readonly type: string;
  /** One sentence for those who receive it. */
  readonly about: string;
  /** The documented fields of `data`: nothing else leaves Perch. */
  readonly data: z.ZodObject;
  readonly example: JsonObject;
  /** Reads the fields inside the transaction of the event, in its workspace. */
  load(manager: EntityManager, workspaceId: string, event: StoredDomainEvent): Promise<JsonObject>;
}

/** Declares a fact that is told outside. Its fields are ids and what nobody minds being read by a receiver: no contact data, no free text, no pay. */
export const defineWebhookEvent = (event: Omit<WebhookEvent, 'type'>): WebhookEvent => ({ ...event, type: `${TYPE_PREFIX}${event.on}` });

/** Marks a class that declares such facts of a feature; it is found wherever it is provided. */
export const WebhookEvents = DiscoveryService.createDecorator();

export interface WebhookEventSet {
  readonly events: readonly WebhookEvent[];
}

/** What an endpoint is sent to see whether it is reached; it is subscribed to by nobody. */
export const TEST_EVENT_TYPE = `${TYPE_PREFIX}webhook.test`;
