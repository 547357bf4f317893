import { Inject, Injectable } from '@nestjs/common';
import type { RequestContext } from '../../common/request-context.js';
import { Database } from '../../infrastructure/database/database.js';
import { EVERY_EVENT, OnDomainEvent, type DomainEventListener, type StoredDomainEvent } from '../domain-events/domain-event.js';
import { DeliveryQueue } from './delivery-queue.service.js';
import { WebhookEventRegistry } from './webhook-event.registry.js';

/** The lock keeps an endpoint from being deleted until the deliveries to it are committed, and deleted with it. */
const SUBSCRIBED = `
SELECT id FROM webhook WHERE workspace_id = $1 AND state = 'enabled' AND (event_types IS NULL OR $2 = ANY (event_types)) ORDER BY id FOR KEY SHARE`;

/** Writes the deliveries of an event in the transaction of its cause: both are committed, or neither is. */
@Injectable()
@OnDomainEvent(EVERY_EVENT)
export class WebhookListener implements DomainEventListener {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(WebhookEventRegistry) private readonly events: WebhookEventRegistry,
    @Inject(DeliveryQueue) private readonly queue: DeliveryQueue,
  ) {}

  async on(context: RequestContext, event: StoredDomainEvent): Promise<void> {
    const offered = this.events.find(event.type);
    if (!offered) return;
    await this.database.write(context, async (manager) => {
      const webhooks = await manager.query<{ id: string }[]>(SUBSCRIBED, [context.workspace, offered.type]);
      if (webhooks.length === 0) return;
      const data = offered.data.parse(await offered.load(manager, context.workspace, event)) as StoredDomainEvent['payload'];
      await this.queue.add(context, manager, webhooks.map(({ id }) => id), { eventId: event.id, type: offered.type, subject: event.subjectId, time: event.at, data });
    });
  }
}
