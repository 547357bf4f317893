import { Global, Module } from '@nestjs/common';
import { MailList } from './mail-list.service.js';
import { SendMail } from './mail.handler.js';
import { MailUsage } from './mail-usage.js';
import { MailResolver } from './mail.resolver.js';
import { MailService } from './mail.service.js';

/** Mail that Perch sends, and the outbox that shows it. */
@Global()
@Module({ providers: [MailService, SendMail, MailList, MailResolver, MailUsage], exports: [MailService] })
export class MailModule {}
