import { Inject } from '@nestjs/common';
import { Args, ID, Int, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { RequestContext } from '../../common/request-context.js';
import { EntityLoader } from '../../infrastructure/database/entity-loader.js';
import { Caller } from '../../protocols/graphql/caller.js';
import { RequirePermission } from '../access-control/authorize.js';
import { WebhookDeliveryService, type DeliveryCounts } from './webhook-delivery.service.js';
import { WebhookEventRegistry } from './webhook-event.registry.js';
import { Webhook } from './webhook.entity.js';
import { DeliveryCountsModel, WebhookEventTypeModel, WebhookInput, WebhookModel, WebhookWithSecretModel } from './webhook.model.js';
import { WebhookService, type WebhookWithSecret } from './webhook.service.js';
import { manageWebhooks, readWebhooks } from './webhooks.permissions.js';

const ID_ARGUMENT = { type: () => ID };

@Resolver(() => WebhookModel)
export class WebhookResolver {
  constructor(
    @Inject(WebhookService) private readonly webhooks: WebhookService,
    @Inject(WebhookDeliveryService) private readonly deliveries: WebhookDeliveryService,
    @Inject(WebhookEventRegistry) private readonly events: WebhookEventRegistry,
    @Inject(EntityLoader) private readonly loader: EntityLoader,
  ) {}

  @Query(() => [WebhookModel], { name: 'webhooks', description: 'By name.' })
  @RequirePermission(readWebhooks)
  list(@Caller() context: RequestContext): Promise<Webhook[]> {
    return this.webhooks.list(context);
  }

  @Query(() => WebhookModel, { name: 'webhook', nullable: true })
  @RequirePermission(readWebhooks)
  find(@Caller() context: RequestContext, @Args('id', ID_ARGUMENT) id: string): Promise<Webhook | null> {
    return this.loader.byId(context, Webhook, id);
  }

  @Query(() => [WebhookEventTypeModel], { description: 'What endpoints can be told of.' })
  @RequirePermission(readWebhooks)
  webhookEventTypes(): readonly WebhookEventTypeModel[] {
    return this.events.all;
  }

  @Mutation(() => WebhookWithSecretModel)
  @RequirePermission(manageWebhooks)
  createWebhook(@Caller() context: RequestContext, @Args('input') input: WebhookInput): Promise<WebhookWithSecret> {
    return this.webhooks.create(context, input);
  }

  @Mutation(() => WebhookModel)
  @RequirePermission(manageWebhooks)
  updateWebhook(
    @Caller() context: RequestContext,
    @Args('id', ID_ARGUMENT) id: string,
    @Args('version', { type: () => Int }) version: number,
    @Args('input') input: WebhookInput,
  ): Promise<Webhook> {
    return this.webhooks.update(context, id, version, input);
  }

  @Mutation(() => WebhookWithSecretModel, { description: 'Makes a new secret. For a day messages are signed with the one before as well.' })
  @RequirePermission(manageWebhooks)
  rotateWebhookSecret(@Caller() context: RequestContext, @Args('id', ID_ARGUMENT) id: string): Promise<WebhookWithSecret> {
    return this.webhooks.rotateSecret(context, id);
  }

  @Mutation(() => WebhookModel, { description: 'Lets events go to the endpoint again; those of meanwhile are not made up for.' })
  @RequirePermission(manageWebhooks)
  enableWebhook(@Caller() context: RequestContext, @Args('id', ID_ARGUMENT) id: string): Promise<Webhook> {
    return this.webhooks.enable(context, id);
  }

  @Mutation(() => WebhookModel, { description: 'Sends the endpoint nothing from now on.' })
  @RequirePermission(manageWebhooks)
  disableWebhook(@Caller() context: RequestContext, @Args('id', ID_ARGUMENT) id: string): Promise<Webhook> {
    return this.webhooks.disable(context, id);
  }

  @Mutation(() => Boolean, { description: 'Deletes the endpoint with the log of what was sent to it.' })
  @RequirePermission(manageWebhooks)
  async deleteWebhook(@Caller() context: RequestContext, @Args('id', ID_ARGUMENT) id: string): Promise<boolean> {
    await this.webhooks.delete(context, id);
    return true;
  }

  @ResolveField(() => DeliveryCountsModel)
  deliveryCounts(@Caller() context: RequestContext, @Parent() webhook: WebhookModel): Promise<DeliveryCounts> {
    return this.deliveries.counts(context, webhook.id);
  }
}
