import type { JobState, Page } from './operations.js';

export type DeliveryState = 'pending' | 'delivered' | 'failed';

export interface WebhookLine {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  readonly eventTypes: readonly string[] | null;
  readonly state: 'enabled' | 'disabled';
  readonly disabledReason: 'by_member' | 'gone' | 'failing' | null;
  readonly disabledAt: string | null;
  readonly failingSince: string | null;
  readonly deliveryCounts: { readonly pending: number; readonly delivered: number; readonly failed: number; readonly lastDeliveredAt: string | null };
}

export interface WebhookDetail extends WebhookLine {
  readonly previousSecretUntil: string | null;
  readonly version: number;
}

export interface EventType {
  readonly type: string;
  readonly about: string;
}

export interface DeliveryLine {
  readonly id: string;
  readonly eventType: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly nextAttemptAt: string | null;
  readonly createdAt: string;
}

export interface Attempt {
  readonly number: number;
  readonly at: string;
  readonly durationMs: number;
  readonly status: number | null;
  readonly errorMessage: string | null;
  readonly answer: string | null;
}

export interface DeliveryDetail extends DeliveryLine {
  readonly webhookId: string;
  readonly eventId: string;
  readonly body: string;
  readonly attemptLog: readonly Attempt[];
}

export interface WithSecret {
  readonly webhook: { readonly id: string };
  readonly secret: string;
}

export interface ReplayProgress {
  readonly backgroundJob: { readonly state: JobState; readonly progressPercent: number; readonly progressMessage: string | null; readonly errorMessage: string | null; readonly counters: { readonly done?: number } | null } | null;
}

export type WebhooksData = { readonly webhooks: readonly WebhookLine[] };
export type WebhookData = { readonly webhook: WebhookDetail | null };
export type DeliveriesData = { readonly webhookDeliveries: Page<DeliveryLine> };

const LINE = 'id name url eventTypes state disabledReason disabledAt failingSince deliveryCounts { pending delivered failed lastDeliveredAt }';
const DELIVERY = 'id eventType state attempts nextAttemptAt createdAt';

export const WEBHOOKS = `{ webhooks { ${LINE} } }`;
export const WEBHOOK = `query ($id: ID!) { webhook(id: $id) { ${LINE} previousSecretUntil version } }`;
export const EVENT_TYPES = '{ webhookEventTypes { type about } }';
export const DELIVERIES = `query ($id: ID!, $state: WebhookDeliveryState, $after: String) {
  webhookDeliveries(first: 25, after: $after, filter: { webhookId: $id, state: $state }) { nodes { ${DELIVERY} } totalCount pageInfo { endCursor hasNextPage } } }`;
export const DELIVERY_DETAIL = `query ($id: ID!) { webhookDelivery(id: $id) { ${DELIVERY} webhookId eventId body attemptLog { number at durationMs status errorMessage answer } } }`;
export const CREATE_WEBHOOK = 'mutation ($input: WebhookInput!) { createWebhook(input: $input) { webhook { id } secret } }';
export const UPDATE_WEBHOOK = 'mutation ($id: ID!, $version: Int!, $input: WebhookInput!) { updateWebhook(id: $id, version: $version, input: $input) { id } }';
export const ROTATE_SECRET = 'mutation ($id: ID!) { rotateWebhookSecret(id: $id) { webhook { id } secret } }';
export const ENABLE_WEBHOOK = 'mutation ($id: ID!) { enableWebhook(id: $id) { id } }';
export const DISABLE_WEBHOOK = 'mutation ($id: ID!) { disableWebhook(id: $id) { id } }';
export const DELETE_WEBHOOK = 'mutation ($id: ID!) { deleteWebhook(id: $id) }';
export const SEND_TEST = 'mutation ($id: ID!) { sendTestEvent(webhookId: $id) { id } }';
export const REPLAY = 'mutation ($id: ID!) { replayDelivery(id: $id) { id } }';
export const REPLAY_FAILED = 'mutation ($id: ID!, $since: DateTime!) { replayFailedDeliveries(webhookId: $id, since: $since) { id } }';
export const REPLAY_PROGRESS = 'query ($id: ID!) { backgroundJob(id: $id) { state progressPercent progressMessage errorMessage counters } }';
