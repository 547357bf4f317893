import { Global, Module } from '@nestjs/common';
import { NotificationResolver } from './notification.resolver.js';
import { NotificationService } from './notification.service.js';

@Global()
@Module({ providers: [NotificationService, NotificationResolver], exports: [NotificationService] })
export class NotificationsModule {}
