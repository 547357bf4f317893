import { Inject } from '@nestjs/common';
import { Args, GraphQLISODateTime, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { RequestContext } from '../../common/request-context.js';
import { EntityLoader } from '../../infrastructure/database/entity-loader.js';
import { Caller } from '../../protocols/graphql/caller.js';
import { ConnectionArguments, type Connection } from '../../protocols/graphql/connection.js';
import type { BackgroundJob } from '../../serverless-jobs/entities/background-job.entity.js';
import { RequirePermission } from '../access-control/authorize.js';
import { BackgroundJobModel } from '../background-jobs/background-job.model.js';
import { WebhookAttempt } from './webhook-attempt.entity.js';
import { WebhookDelivery } from './webhook-delivery.entity.js';
import { WebhookDeliveryService } from './webhook-delivery.service.js';
import { WebhookAttemptModel, WebhookDeliveryConnection, WebhookDeliveryFilter, WebhookDeliveryModel } from './webhook.model.js';
import { manageWebhooks, readWebhooks } from './webhooks.permissions.js';

const ID_ARGUMENT = { type: () => ID };

@Resolver(() => WebhookDeliveryModel)
export class WebhookDeliveryResolver {
  constructor(
    @Inject(WebhookDeliveryService) private readonly deliveries: WebhookDeliveryService,
    @Inject(EntityLoader) private readonly loader: EntityLoader,
  ) {}

  @Query(() => WebhookDeliveryConnection, { name: 'webhookDeliveries', description: 'The newest first. They are kept for 30 days.' })
  @RequirePermission(readWebhooks)
  list(
    @Caller() context: RequestContext,
    @Args() page: ConnectionArguments,
    @Args('filter', { nullable: true }) filter?: WebhookDeliveryFilter,
  ): Promise<Connection<WebhookDelivery>> {
    return this.deliveries.list(context, filter ?? {}, page);
  }

  @Query(() => WebhookDeliveryModel, { name: 'webhookDelivery', nullable: true })
  @RequirePermission(readWebhooks)
  find(@Caller() context: RequestContext, @Args('id', ID_ARGUMENT) id: string): Promise<WebhookDelivery | null> {
    return this.loader.byId(context, WebhookDelivery, id);
  }

  @Mutation(() => WebhookDeliveryModel, { description: 'Sends the endpoint a message that says nothing, once.' })
  @RequirePermission(manageWebhooks)
  sendTestEvent(@Caller() context: RequestContext, @Args('webhookId', ID_ARGUMENT) webhookId: string): Promise<WebhookDelivery> {
    return this.deliveries.sendTest(context, webhookId);
  }

  @Mutation(() => WebhookDeliveryModel, { description: 'Sends a delivery once more: the same body under the same id.' })
  @RequirePermission(manageWebhooks)
  replayDelivery(@Caller() context: RequestContext, @Args('id', ID_ARGUMENT) id: string): Promise<WebhookDelivery> {
    return this.deliveries.replay(context, id);
  }

  @Mutation(() => BackgroundJobModel, { description: 'Sends once more what was made since the time and has failed, in the background.' })
  @RequirePermission(manageWebhooks)
  replayFailedDeliveries(
    @Caller() context: RequestContext,
    @Args('webhookId', ID_ARGUMENT) webhookId: string,
    @Args('since', { type: () => GraphQLISODateTime }) since: Date,
  ): Promise<BackgroundJob> {
    return this.deliveries.replayFailed(context, webhookId, since);
  }

  @ResolveField(() => [WebhookAttemptModel], { description: 'The newest first.' })
  async attemptLog(@Caller() context: RequestContext, @Parent() delivery: WebhookDeliveryModel): Promise<WebhookAttempt[]> {
    const attempts = await this.loader.manyBy(context, WebhookAttempt, 'webhookDeliveryId', delivery.id);
    return attempts.sort((a, b) => b.number - a.number);
  }
}
