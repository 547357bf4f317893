import { Inject } from '@nestjs/common';
import { Query, Resolver } from '@nestjs/graphql';
import { RequestContext } from '../../common/request-context.js';
import { Caller } from '../../protocols/graphql/caller.js';
import { SignedIn } from '../access-control/authorize.js';
import { NotificationModel } from './notification.model.js';
import { NotificationService } from './notification.service.js';

@Resolver(() => NotificationModel)
export class NotificationResolver {
  constructor(@Inject(NotificationService) private readonly notifications: NotificationService) {}

  @Query(() => [NotificationModel], { name: 'notifications', description: 'Your newest.' })
  @SignedIn(true)
  mine(@Caller() context: RequestContext): Promise<NotificationModel[]> {
    return this.notifications.mine(context);
  }
}
