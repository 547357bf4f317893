import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import { z } from 'zod';
import { Clock } from '../../common/clock.js';
import { DomainError, notFound } from '../../common/errors.js';
import { isId, newId } from '../../common/ids.js';
import type { RequestContext } from '../../common/request-context.js';
import { parseInput, timeInput } from '../../common/validation.js';
import { Database } from '../../infrastructure/database/database.js';
import { listPage, type PageArguments, type SortOrder } from '../../infrastructure/database/list-page.js';
import { toConnection, type Connection } from '../../protocols/graphql/connection.js';
import { BackgroundJob } from '../../serverless-jobs/entities/background-job.entity.js';
import { ServerlessJobService } from '../../serverless-jobs/serverless-job.service.js';
import { AuditLog } from '../audit-log/audit-log.service.js';
import { DeliveryQueue } from './delivery-queue.service.js';
import { WebhookDelivery, type DeliveryState } from './webhook-delivery.entity.js';
import { TEST_EVENT_TYPE } from './webhook-event.js';
import { Webhook } from './webhook.entity.js';
import { replayFailedDeliveries } from './webhooks.jobs.js';

const NEWEST: SortOrder = { name: 'newest', expression: 'delivery.created_at', type: 'timestamptz', descending: true };
const SINCE = z.object({ since: timeInput });

export interface DeliveryQuery {
  readonly webhookId?: string | null;
  readonly state?: DeliveryState | null;
}

/** How the deliveries of an endpoint went. */
export interface DeliveryCounts {
  readonly pending: number;
  readonly delivered: number;
  readonly failed: number;
  readonly lastDeliveredAt: Date | null;
}

interface CountRow extends DeliveryCounts {
  readonly webhookId: string;
}

const NONE: DeliveryCounts = { pending: 0, delivered: 0, failed: 0, lastDeliveredAt: null };
const COUNTS = `
SELECT webhook_id AS "webhookId", count(*) FILTER (WHERE state = 'pending')::int AS pending, count(*) FILTER (WHERE state = 'delivered')::int AS delivered,
  count(*) FILTER (WHERE state = 'failed')::int AS failed, max(ended_at) FILTER (WHERE state = 'delivered') AS "lastDeliveredAt"
FROM webhook_delivery WHERE workspace_id = $1 AND created_at > $2 GROUP BY webhook_id`;
/** A week, so that an endpoint which is told of few events shows something. */
const COUNTED_MS = 7 * 86_400_000;

/** The log of what was sent to endpoints, and what people send again. */
@Injectable()
export class WebhookDeliveryService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ServerlessJobService) private readonly jobs: ServerlessJobService,
    @Inject(DeliveryQueue) private readonly queue: DeliveryQueue,
    @Inject(AuditLog) private readonly auditLog: AuditLog,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  list(context: RequestContext, filter: DeliveryQuery, page: PageArguments): Promise<Connection<WebhookDelivery>> {
    return this.database.read(context, async (manager) => {
      const query = (): SelectQueryBuilder<WebhookDelivery> => {
        const builder = manager.getRepository(WebhookDelivery).createQueryBuilder('delivery').where('delivery.workspace_id = :workspace', { workspace: context.workspace });
        if (filter.webhookId) builder.andWhere('delivery.webhook_id = :webhook', { webhook: isId(filter.webhookId) ? filter.webhookId : null });
        if (filter.state) builder.andWhere('delivery.state = :state', { state: filter.state });
        return builder;
      };
      return toConnection(await listPage(query(), NEWEST, page), () => this.database.read(context, () => query().getCount()));
    });
  }

  /** Throws NOT_FOUND. */
  async get(context: RequestContext, id: string): Promise<WebhookDelivery> {
    const found = isId(id) ? await this.database.read(context, (manager) => manager.findOneBy(WebhookDelivery, { id })) : null;
    if (!found) throw notFound('The delivery');
    return found;
  }

  /** How the deliveries of the last week went, by endpoint; read once a request. */
  async counts(context: RequestContext, webhookId: string): Promise<DeliveryCounts> {
    const all = await context.once(COUNTS, () => this.database.read(context, async (manager) => {
      const rows = await manager.query<CountRow[]>(COUNTS, [context.workspace, new Date(this.clock.now().getTime() - COUNTED_MS)]);
      return new Map(rows.map((row) => [row.webhookId, row]));
    }));
    return all.get(webhookId) ?? NONE;
  }

  /** Sends the endpoint a message that says nothing, once. Throws NOT_FOUND or WEBHOOK_DISABLED. */
  async sendTest(context: RequestContext, webhookId: string): Promise<WebhookDelivery> {
    return this.database.write(context, async (manager) => {
      const { id, name } = await this.enabled(manager, webhookId);
      const [deliveryId] = await this.queue.add(context, manager, [id], { eventId: newId(), type: TEST_EVENT_TYPE, subject: id, time: this.clock.now(), data: { webhookId: id } });
      await this.auditLog.record(context, 'webhook.test', { type: 'webhook', id }, { name });
      return manager.findOneByOrFail(WebhookDelivery, { id: deliveryId! });
    });
  }

  /** Sends a delivery once more: the same body under the same id, with the whole schedule before it. Throws NOT_FOUND or WEBHOOK_DISABLED. */
  async replay(context: RequestContext, deliveryId: string): Promise<WebhookDelivery> {
    return this.database.write(context, async (manager) => {
      const delivery = await this.get(context, deliveryId);
      await this.enabled(manager, delivery.webhookId);
      if (!(await this.queue.replay(context, manager, delivery.id))) throw notFound('The delivery');
      await this.auditLog.record(context, 'webhook.replay', { type: 'webhook', id: delivery.webhookId }, { deliveryId: delivery.id });
      return this.get(context, delivery.id);
    });
  }

  /** Begins to send once more what was made since the time and has failed; in the background. Throws INVALID_INPUT, NOT_FOUND or WEBHOOK_DISABLED. */
  async replayFailed(context: RequestContext, webhookId: string, time: Date | string): Promise<BackgroundJob> {
    const { since } = parseInput(SINCE, { since: time });
    return this.database.write(context, async (manager) => {
      const { id } = await this.enabled(manager, webhookId);
      await this.auditLog.record(context, 'webhook.replay_failed', { type: 'webhook', id }, { since: since.toISOString() });
      const jobId = await this.jobs.enqueue(context, replayFailedDeliveries, { webhookId: id, since: since.toISOString(), until: this.clock.now().toISOString() }, { subject: { type: 'webhook', id } });
      return manager.findOneByOrFail(BackgroundJob, { id: jobId });
    });
  }

  /** The lock lets a switch that is just being turned decide first. */
  private async enabled(manager: EntityManager, webhookId: string): Promise<Webhook> {
    const webhook = isId(webhookId) ? await manager.findOne(Webhook, { where: { id: webhookId }, lock: { mode: 'pessimistic_read' } }) : null;
    if (!webhook) throw notFound('The webhook');
    if (webhook.state === 'disabled') throw new DomainError('WEBHOOK_DISABLED', 'This webhook is disabled. Enable it before you send something to it.', 409);
    return webhook;
  }
}
