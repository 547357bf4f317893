import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { z } from 'zod';
import { backoffDelay } from '../../common/backoff.js';
import { Clock } from '../../common/clock.js';
import { newId } from '../../common/ids.js';
import type { JsonObject } from '../../common/json.js';
import type { Environment } from '../../config/environment.js';
import { ENVIRONMENT } from '../../config/environment.token.js';
import { JobHandler, type JobWork } from '../../serverless-jobs/definition/job-handler.js';
import { RetryLaterError } from '../../serverless-jobs/definition/retry-later-error.js';
import type { RunningJob } from '../../serverless-jobs/runner/running-job.js';
import { TEST_EVENT_TYPE } from './webhook-event.js';
import { WebhookSender, type Endpoint, type Message, type SentMessage } from './webhook-sender.js';
import { WebhookSwitch } from './webhook-switch.service.js';
import { DELIVERY_DELAYS, deliverWebhook } from './webhooks.jobs.js';

type Payload = z.output<typeof deliverWebhook.payload>;

interface Found extends Endpoint, Message {
  readonly eventType: string;
  readonly isEnabled: boolean;
  /** Number of this attempt in its round, 1 for the first. */
  readonly attempt: number;
}

/** Milliseconds that an attempt can take with what has to be written after it. */
const ATTEMPT_MS = 20_000;

const FIND = `
SELECT d.event_id AS "eventId", d.event_type AS "eventType", d.body, d.attempts - d.attempts_before + 1 AS attempt, w.state = 'enabled' AS "isEnabled", w.url, w.workspace_id AS "workspaceId",
  w.secret, w.previous_secret AS "previousSecret", w.previous_secret_until AS "previousSecretUntil"
FROM webhook_delivery d JOIN webhook w ON w.workspace_id = d.workspace_id AND w.id = d.webhook_id
WHERE d.workspace_id = $1 AND d.id = $2 AND d.round = $3 AND d.state = 'pending'`;

/** An attempt is noted also where somebody has begun another round meanwhile, which it does not end. */
const NOTE = `
WITH noted AS (
  UPDATE webhook_delivery SET attempts = attempts + 1, state = CASE WHEN round = $3 THEN $4 ELSE state END,
    next_attempt_at = CASE WHEN round = $3 THEN $5::timestamptz ELSE next_attempt_at END, ended_at = CASE WHEN round = $3 THEN $6::timestamptz ELSE ended_at END
  WHERE workspace_id = $1 AND id = $2 RETURNING attempts)
INSERT INTO webhook_attempt (id, workspace_id, webhook_delivery_id, number, at, duration_ms, status, error_code, error_message, answer)
SELECT $7, $1, $2, attempts, $8, $9, $10, $11, $12, $13 FROM noted`;

const GIVE_UP = `
UPDATE webhook_delivery SET state = 'failed', next_attempt_at = NULL, ended_at = $4 WHERE workspace_id = $1 AND id = $2 AND round = $3 AND state = 'pending'`;

/** Sends a delivery and notes what came of it. That a receiver does not take it is the receiver's failure and never one of the job. */
@Injectable()
@JobHandler(deliverWebhook)
export class DeliverWebhook implements JobWork<typeof deliverWebhook> {
  constructor(
    @Inject(WebhookSender) private readonly sender: WebhookSender,
    @Inject(WebhookSwitch) private readonly webhookSwitch: WebhookSwitch,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  async handle(job: RunningJob, payload: Payload): Promise<JsonObject | void> {
    const { deliveryId, round } = payload;
    // A message that is sent in the last seconds of an invocation could arrive without this being noted.
    if (this.environment.jobBudget > ATTEMPT_MS) job.yieldIfDue(ATTEMPT_MS);
    const [found] = await job.transaction((manager) => manager.query<Found[]>(FIND, [job.context.workspace, deliveryId, round]));
    if (!found) return { outcome: 'nothing to send' };
    if (!found.isEnabled) return this.giveUp(job, payload);
    const sent = await this.sender.send(found, found);
    const isLast = found.eventType === TEST_EVENT_TYPE || found.attempt > DELIVERY_DELAYS.length;
    if (sent.succeeded || sent.gone || isLast) return this.end(job, payload, sent);
    const delay = Math.max(backoffDelay(deliverWebhook.backoff, found.attempt, Math.random()), sent.retryAfter ?? 0);
    const disabled = await job.transaction((manager) => this.note(job, manager, payload, sent, delay));
    if (disabled) return this.giveUp(job, payload);
    throw new RetryLaterError(sent.errorCode!, sent.errorMessage!, delay);
  }

  private end(job: RunningJob, payload: Payload, sent: SentMessage): Promise<void> {
    return job.complete(async (manager) => {
      await this.note(job, manager, payload, sent, null);
      return { outcome: sent.succeeded ? 'delivered' : 'failed', status: sent.status };
    });
  }

  private giveUp(job: RunningJob, { deliveryId, round }: Payload): Promise<void> {
    return job.complete(async (manager) => {
      await manager.query(GIVE_UP, [job.context.workspace, deliveryId, round, this.clock.now()]);
      return { outcome: 'disabled' };
    });
  }

  /** Writes the attempt down; there is another one after the delay, or none. Returns whether the endpoint is turned off by it. */
  private async note(job: RunningJob, manager: EntityManager, { webhookId, deliveryId, round }: Payload, sent: SentMessage, delay: number | null): Promise<boolean> {
    const now = this.clock.now();
    const state = sent.succeeded ? 'delivered' : delay === null ? 'failed' : 'pending';
    // The endpoint is locked before its deliveries, here as where somebody sends again, so that nobody waits in a circle.
    const disabled = await this.webhookSwitch.note(job.context, manager, webhookId, sent);
    await manager.query(NOTE, [
      job.context.workspace, deliveryId, round, state, delay === null ? null : new Date(now.getTime() + delay), delay === null ? now : null,
      newId(), sent.at, sent.durationMs, sent.status, sent.errorCode, sent.errorMessage, sent.answer,
    ]);
    return disabled;
  }
}
