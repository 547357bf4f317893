import { Clock } from '../../src/common/clock.js';
import { WebhookDeliveryService } from '../../src/platform/webhooks/webhook-delivery.service.js';
import type { Webhook } from '../../src/platform/webhooks/webhook.entity.js';
import { WebhookService, type WebhookWithSecret } from '../../src/platform/webhooks/webhook.service.js';
import type { JobOutcome } from '../../src/serverless-jobs/runner/job-runner.service.js';
import { Office, type Team } from '../support/office.js';
import { Receiver } from './receiver.js';

export interface DeliveryRow {
  readonly id: string;
  readonly webhookId: string;
  readonly eventId: string;
  readonly type: string;
  readonly state: string;
  readonly attempts: number;
  readonly nextAttemptAt: Date | null;
}

export interface AttemptRow {
  readonly number: number;
  readonly at: Date;
  readonly durationMs: number;
  readonly status: number | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly answer: string | null;
}

const DELIVERIES = `
SELECT id, webhook_id AS "webhookId", event_id AS "eventId", event_type AS type, state, attempts, next_attempt_at AS "nextAttemptAt" FROM webhook_delivery ORDER BY id`;
const ATTEMPTS = `
SELECT number, at, duration_ms AS "durationMs", status, error_code AS "errorCode", error_message AS "errorMessage", answer FROM webhook_attempt WHERE webhook_delivery_id = $1 ORDER BY number`;

/** A team whose events go to real servers on loopback: one that the operator allowed, and one that nobody did. */
export class WebhookBench {
  private moved = 0;

  private constructor(
    readonly office: Office,
    readonly team: Team,
    readonly receiver: Receiver,
    readonly forbidden: Receiver,
  ) {
    const clock = office.get(Clock);
    Object.assign(clock, { now: () => new Date(Date.now() + this.moved) });
  }

  static async open(): Promise<WebhookBench> {
    const [receiver, forbidden] = [await Receiver.open(), await Receiver.open()];
    const office = await Office.open({ PERCH_OUTBOUND_ALLOWED_ORIGINS: receiver.origin });
    const team = await office.team('webhooks');
    for (const [name, role] of [['olga', 'owner'], ['adam', 'admin'], ['rita', 'recruiter']] as const) await team.member(name, role);
    return new WebhookBench(office, team, receiver, forbidden);
  }

  get service(): WebhookService {
    return this.office.get(WebhookService);
  }

  get deliveries(): WebhookDeliveryService {
    return this.office.get(WebhookDeliveryService);
  }

  /** Begins anew, with no endpoint and no message. */
  async clear(): Promise<void> {
    await this.office.database.query('DELETE FROM webhook');
    await this.office.database.query("DELETE FROM background_job WHERE type IN ('deliverWebhook', 'replayFailedDeliveries')");
    this.receiver.take();
    this.receiver.answerWith();
  }

  create(name: string, eventTypes: string[] | null = null, team = this.team): Promise<WebhookWithSecret> {
    return this.office.call(team.as('olga'), (context) => this.service.create(context, { name, url: `${this.receiver.origin}/${name}`, eventTypes }));
  }

  /** An endpoint with an address that is refused where it is entered, as if it had got in before. */
  async plant(name: string, url: string): Promise<string> {
    const { webhook } = await this.create(name);
    await this.office.database.query('UPDATE webhook SET url = $2 WHERE id = $1', [webhook.id, url]);
    return webhook.id;
  }

  webhook(id: string): Promise<Webhook> {
    return this.office.call(this.team.as('olga'), (context) => this.service.get(context, id));
  }

  sendTest(webhookId: string): Promise<{ id: string }> {
    return this.office.call(this.team.as('olga'), (context) => this.deliveries.sendTest(context, webhookId));
  }

  /** Delivers what is due. */
  deliver(): Promise<JobOutcome[]> {
    return this.office.work('deliverWebhook');
  }

  /** Moves the clock. */
  advance(milliseconds: number): void {
    this.moved += milliseconds;
  }

  now(): Date {
    return new Date(Date.now() + this.moved);
  }

  /** Moves the clock to the next attempt of the delivery and makes it; the wait in milliseconds, as the job has it. */
  async nextAttempt(): Promise<number> {
    const [job] = await this.office.database.query<{ id: string; wait: number }>(
      `SELECT id, (extract(epoch FROM run_at - now()) * 1000)::float8 AS wait FROM background_job WHERE type = 'deliverWebhook' AND state = 'queued'`);
    await this.office.database.query('UPDATE background_job SET run_at = now() WHERE id = $1', [job!.id]);
    this.advance(job!.wait);
    await this.deliver();
    return job!.wait;
  }

  rows(): Promise<DeliveryRow[]> {
    return this.office.database.query<DeliveryRow>(DELIVERIES);
  }

  /** The only delivery. */
  async row(): Promise<DeliveryRow> {
    const rows = await this.rows();
    if (rows.length !== 1) throw new Error(`There are ${rows.length} deliveries.`);
    return rows[0]!;
  }

  attempts(deliveryId: string): Promise<AttemptRow[]> {
    return this.office.database.query<AttemptRow>(ATTEMPTS, [deliveryId]);
  }

  async close(): Promise<void> {
    await this.office.close();
    await this.receiver.close();
    await this.forbidden.close();
  }
}
