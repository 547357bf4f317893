import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { RequestContext } from '../../common/request-context.js';
import { EntityLoader } from '../../infrastructure/database/entity-loader.js';
import { defineOperation, RestOperations, type OperationSet } from '../../protocols/rest/rest-operation.js';
import { ID, named, PAGE_QUERY, pageAnswer, pageOf, pageSchema, TIME, timeOrNull, timeText } from '../../protocols/rest/rest-schemas.js';
import { WebhookAttempt } from './webhook-attempt.entity.js';
import type { WebhookDelivery } from './webhook-delivery.entity.js';
import { WebhookDeliveryService } from './webhook-delivery.service.js';
import { WebhookEventRegistry } from './webhook-event.registry.js';
import type { Webhook } from './webhook.entity.js';
import { WEBHOOK_INPUT, WebhookService, type WebhookWithSecret } from './webhook.service.js';
import { manageWebhooks, readWebhooks } from './webhooks.permissions.js';

const WEBHOOK_FIELDS = {
  id: ID, name: z.string(), url: z.string(), eventTypes: z.array(z.string()).nullable().describe('CloudEvents types; null for all.'),
  state: z.enum(['enabled', 'disabled']), disabledReason: z.enum(['by_member', 'gone', 'failing']).nullable(), disabledAt: TIME.nullable(),
  failingSince: TIME.nullable().describe('Since when every attempt has failed.'), previousSecretUntil: TIME.nullable().describe('Until when messages are signed with the secret before as well.'),
  version: z.int(), createdAt: TIME, updatedAt: TIME,
};
const WEBHOOK = named('Webhook', WEBHOOK_FIELDS);
const WITH_SECRET = named('WebhookWithSecret', { ...WEBHOOK_FIELDS, secret: z.string().nullable().describe('Shown this once; null where an Idempotency-Key is repeated.') });
const STATE = z.enum(['pending', 'delivered', 'failed']);
const DELIVERY_FIELDS = {
  id: ID, webhookId: ID, eventId: ID.describe('The header webhook-id, the same in every attempt.'), eventType: z.string(), body: z.string().describe('As it is sent.'), state: STATE, attempts: z.int(),
  nextAttemptAt: TIME.nullable(), createdAt: TIME, endedAt: TIME.nullable(),
};
const DELIVERY = named('WebhookDelivery', DELIVERY_FIELDS);
const ATTEMPT = named('WebhookAttempt', {
  number: z.int(), at: TIME, durationMs: z.int(), status: z.int().nullable(), errorCode: z.string().nullable(), errorMessage: z.string().nullable(), answer: z.string().nullable().describe('How the body of the answer began.'),
});
const WITH_ATTEMPTS = named('WebhookDeliveryWithAttempts', { ...DELIVERY_FIELDS, attemptLog: z.array(ATTEMPT).describe('The newest first.') });
const EVENT_TYPE = named('WebhookEventType', { type: z.string(), about: z.string(), example: z.looseObject({}).describe('A `data` as it can be.') });
const TAG = 'Webhooks';

const shown = ({ id, name, url, eventTypes, state, disabledReason, disabledAt, failingSince, previousSecretUntil, version, createdAt, updatedAt }: Webhook): z.input<typeof WEBHOOK> => ({
  id, name, url, eventTypes, state, disabledReason, disabledAt: timeOrNull(disabledAt), failingSince: timeOrNull(failingSince), previousSecretUntil: timeOrNull(previousSecretUntil),
  version, createdAt: timeText(createdAt), updatedAt: timeText(updatedAt),
});
const withSecret = ({ webhook, secret }: WebhookWithSecret): z.input<typeof WITH_SECRET> => ({ ...shown(webhook), secret });
const shownDelivery = ({ id, webhookId, eventId, eventType, body, state, attempts, nextAttemptAt, createdAt, endedAt }: WebhookDelivery): z.input<typeof DELIVERY> =>
  ({ id, webhookId, eventId, eventType, body, state, attempts, nextAttemptAt: timeOrNull(nextAttemptAt), createdAt: timeText(createdAt), endedAt: timeOrNull(endedAt) });

@Injectable()
@RestOperations()
export class WebhooksController implements OperationSet {
  readonly operations = [
    defineOperation({
      name: 'listWebhooks', method: 'GET', path: '/webhooks', tag: TAG, summary: 'Lists the endpoints that are told of events.', permission: readWebhooks, answer: named('Webhooks', { items: z.array(WEBHOOK) }),
      run: async (context) => ({ items: (await this.webhooks.list(context)).map(shown) }),
    }),
    defineOperation({ name: 'getWebhook', method: 'GET', path: '/webhooks/{id}', tag: TAG, summary: 'Reads one endpoint.', permission: readWebhooks, answer: WEBHOOK, run: async (context, { id }) => shown(await this.webhooks.get(context, id)) }),
    defineOperation({
      name: 'listWebhookEventTypes', method: 'GET', path: '/webhook-event-types', tag: TAG, summary: 'Lists what endpoints can be told of.', permission: readWebhooks, answer: named('WebhookEventTypes', { items: z.array(EVENT_TYPE) }),
      run: async () => ({ items: this.events.all.map(({ type, about, example }) => ({ type, about, example })) }),
    }),
    defineOperation({
      name: 'createWebhook', method: 'POST', path: '/webhooks', tag: TAG, summary: 'Makes an endpoint. The answer holds its secret, which is shown this once.', permission: manageWebhooks,
      status: 201, location: { path: '/webhooks/{id}', member: 'id' }, shownOnce: 'secret', body: WEBHOOK_INPUT, answer: WITH_SECRET, run: async (context, { body }) => withSecret(await this.webhooks.create(context, body)),
    }),
    defineOperation({
      name: 'replaceWebhook', method: 'PUT', path: '/webhooks/{id}', tag: TAG, summary: 'Replaces name, address and events of an endpoint.', permission: manageWebhooks, precondition: 'required', body: WEBHOOK_INPUT, answer: WEBHOOK,
      run: async (context, { id, body, version }) => shown(await this.webhooks.update(context, id, version ?? (await this.webhooks.get(context, id)).version, body)),
    }),
    defineOperation({
      name: 'rotateWebhookSecret', method: 'POST', path: '/webhooks/{id}/rotate-secret', tag: TAG, summary: 'Makes a new secret. For a day messages are signed with the one before as well.', permission: manageWebhooks,
      shownOnce: 'secret', answer: WITH_SECRET, run: async (context, { id }) => withSecret(await this.webhooks.rotateSecret(context, id)),
    }),
    defineOperation({ name: 'enableWebhook', method: 'POST', path: '/webhooks/{id}/enable', tag: TAG, summary: 'Lets events go to an endpoint again.', permission: manageWebhooks, answer: WEBHOOK, run: async (context, { id }) => shown(await this.webhooks.enable(context, id)) }),
    defineOperation({
      name: 'sendTestEvent', method: 'POST', path: '/webhooks/{id}/test', tag: TAG, summary: 'Sends an endpoint a message that says nothing, once.', permission: manageWebhooks, status: 202, answer: DELIVERY,
      run: async (context, { id }) => shownDelivery(await this.deliveries.sendTest(context, id)),
    }),
    defineOperation({
      name: 'replayFailedDeliveries', method: 'POST', path: '/webhooks/{id}/replay-failed', tag: TAG, summary: 'Sends once more what was made since a time and has failed.', permission: manageWebhooks, status: 202,
      body: z.object({ since: z.iso.datetime({ offset: true }) }), answer: named('BegunReplay', { backgroundJobId: ID }),
      run: async (context, { id, body }) => ({ backgroundJobId: (await this.deliveries.replayFailed(context, id, body.since)).id }),
    }),
    defineOperation({ name: 'disableWebhook', method: 'POST', path: '/webhooks/{id}/disable', tag: TAG, summary: 'Sends an endpoint nothing from now on.', permission: manageWebhooks, answer: WEBHOOK, run: async (context, { id }) => shown(await this.webhooks.disable(context, id)) }),
    defineOperation({
      name: 'listWebhookDeliveries', method: 'GET', path: '/webhook-deliveries', tag: TAG, summary: 'Lists what was sent to endpoints in the last 30 days, the newest first.', permission: readWebhooks,
      query: z.object({ webhookId: ID.optional(), state: STATE.optional(), ...PAGE_QUERY }), answer: pageSchema('WebhookDeliveryPage', DELIVERY),
      run: async (context, { query: { webhookId = null, state = null, ...page } }) => pageAnswer(await this.deliveries.list(context, { webhookId, state }, pageOf(page)), shownDelivery),
    }),
    defineOperation({
      name: 'getWebhookDelivery', method: 'GET', path: '/webhook-deliveries/{id}', tag: TAG, summary: 'Reads one delivery with its attempts.', permission: readWebhooks, answer: WITH_ATTEMPTS,
      run: (context, { id }) => this.withAttempts(context, id),
    }),
    defineOperation({
      name: 'replayWebhookDelivery', method: 'POST', path: '/webhook-deliveries/{id}/replay', tag: TAG, summary: 'Sends a delivery once more: the same body under the same id.', permission: manageWebhooks, status: 202, answer: DELIVERY,
      run: async (context, { id }) => shownDelivery(await this.deliveries.replay(context, id)),
    }),
  ];

  constructor(
    @Inject(WebhookService) private readonly webhooks: WebhookService,
    @Inject(WebhookDeliveryService) private readonly deliveries: WebhookDeliveryService,
    @Inject(WebhookEventRegistry) private readonly events: WebhookEventRegistry,
    @Inject(EntityLoader) private readonly loader: EntityLoader,
  ) {}

  private async withAttempts(context: RequestContext, id: string): Promise<z.input<typeof WITH_ATTEMPTS>> {
    const delivery = await this.deliveries.get(context, id);
    const attempts = await this.loader.manyBy(context, WebhookAttempt, 'webhookDeliveryId', id);
    return {
      ...shownDelivery(delivery),
      attemptLog: attempts.sort((a, b) => b.number - a.number).map(({ number, at, durationMs, status, errorCode, errorMessage, answer }) => ({ number, at: timeText(at), durationMs, status, errorCode, errorMessage, answer })),
    };
  }
}
