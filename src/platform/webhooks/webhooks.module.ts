import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { DeadDelivery } from './dead-delivery.listener.js';
import { DeliverWebhook } from './deliver-webhook.handler.js';
import { DeliveryQueue } from './delivery-queue.service.js';
import { ReplayFailedDeliveries } from './replay-failed.handler.js';
import { WebhookDeliveryResolver } from './webhook-delivery.resolver.js';
import { WebhookDeliveryService } from './webhook-delivery.service.js';
import { WebhookEventRegistry } from './webhook-event.registry.js';
import { WebhookListener } from './webhook-listener.js';
import { WebhookSecrets } from './webhook-secrets.js';
import { WebhookSender } from './webhook-sender.js';
import { WebhookSwitch } from './webhook-switch.service.js';
import { WebhookResolver } from './webhook.resolver.js';
import { WebhookService } from './webhook.service.js';
import { WebhooksController } from './webhooks.controller.js';

/** Tells endpoints outside of what has happened. */
@Module({
  imports: [DiscoveryModule],
  providers: [
    WebhookService, WebhookDeliveryService, WebhookEventRegistry, WebhookSecrets, WebhookSender, WebhookSwitch, DeliveryQueue, WebhookListener, DeliverWebhook, DeadDelivery, ReplayFailedDeliveries,
    WebhookResolver, WebhookDeliveryResolver, WebhooksController,
  ],
})
export class WebhooksModule {}
