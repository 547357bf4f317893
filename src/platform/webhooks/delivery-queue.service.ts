import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { newId } from '../../common/ids.js';
import type { JsonObject } from '../../common/json.js';
import type { RequestContext } from '../../common/request-context.js';
import { Clock } from '../../common/clock.js';
import { ServerlessJobService } from '../../serverless-jobs/serverless-job.service.js';
import { cloudEvent } from './cloud-event.js';
import { deliverWebhook } from './webhooks.jobs.js';

export interface NewMessage {
  readonly eventId: string;
  readonly type: string;
  readonly subject: string;
  readonly time: Date;
  readonly data: JsonObject;
}

export interface Requeued {
  readonly id: string;
  readonly webhookId: string;
  readonly round: number;
}

/** What stands after the columns is a condition of ours; `$2` is the present time. */
const requeue = (condition: string): string => `
UPDATE webhook_delivery SET state = 'pending', round = round + 1, attempts_before = attempts, next_attempt_at = $2, ended_at = NULL
WHERE workspace_id = $1 AND ${condition} RETURNING id, webhook_id AS "webhookId", round`;
const REQUEUE_ONE = requeue('id = $3');
const REQUEUE_FAILED = requeue(`id IN (
  SELECT id FROM webhook_delivery WHERE workspace_id = $1 AND webhook_id = $3 AND state = 'failed' AND created_at >= $4 AND created_at < $5 AND id > $6 ORDER BY id LIMIT $7 FOR UPDATE)`);

export interface FailedRange {
  readonly webhookId: string;
  readonly since: Date;
  readonly until: Date;
  /** The id of a delivery behind which to go on. */
  readonly after: string;
  readonly limit: number;
}

/** Writes deliveries together with the jobs that send them, in the surrounding write. */
@Injectable()
export class DeliveryQueue {
  constructor(
    @Inject(ServerlessJobService) private readonly jobs: ServerlessJobService,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** One delivery for each endpoint; returns their ids. */
  async add(context: RequestContext, manager: EntityManager, webhookIds: readonly string[], { eventId, type, subject, time, data }: NewMessage): Promise<string[]> {
    const body = JSON.stringify(cloudEvent({ id: eventId, type, workspaceId: context.workspace, subject, time, data }));
    const rows = webhookIds.map((webhookId) => ({ id: newId(), webhookId, round: 1 }));
    await manager.query(
      `INSERT INTO webhook_delivery (id, workspace_id, webhook_id, event_id, event_type, body, next_attempt_at, created_at)
       SELECT id, $1, webhook_id, $2, $3, $4, $5, $5 FROM unnest($6::uuid[], $7::uuid[]) AS n (id, webhook_id)`,
      [context.workspace, eventId, type, body, this.clock.now(), rows.map(({ id }) => id), rows.map(({ webhookId }) => webhookId)]);
    await this.enqueue(context, rows);
    return rows.map(({ id }) => id);
  }

  /** Sends a delivery anew, whatever became of it; false where it is gone. */
  async replay(context: RequestContext, manager: EntityManager, deliveryId: string): Promise<boolean> {
    const [rows] = await manager.query<[Requeued[], number]>(REQUEUE_ONE, [context.workspace, this.clock.now(), deliveryId]);
    await this.enqueue(context, rows);
    return rows.length > 0;
  }

  /** Sends the next failed deliveries of an endpoint anew; their ids, in order. */
  async replayFailed(context: RequestContext, manager: EntityManager, { webhookId, since, until, after, limit }: FailedRange): Promise<string[]> {
    const [rows] = await manager.query<[Requeued[], number]>(REQUEUE_FAILED, [context.workspace, this.clock.now(), webhookId, since, until, after, limit]);
    await this.enqueue(context, rows);
    return rows.map(({ id }) => id).sort();
  }

  private async enqueue(context: RequestContext, rows: readonly Requeued[]): Promise<void> {
    const payloads = rows.map(({ id, webhookId, round }) => ({ deliveryId: id, webhookId, round }));
    if (payloads.length > 1) await this.jobs.enqueueMany(context, deliverWebhook, payloads);
    else for (const payload of payloads) await this.jobs.enqueue(context, deliverWebhook, payload, { subject: { type: 'webhook', id: payload.webhookId } });
  }
}
