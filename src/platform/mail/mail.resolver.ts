import { Inject } from '@nestjs/common';
import { Args, ID, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { RequestContext } from '../../common/request-context.js';
import { EntityLoader } from '../../infrastructure/database/entity-loader.js';
import { Caller } from '../../protocols/graphql/caller.js';
import { ConnectionArguments, type Connection } from '../../protocols/graphql/connection.js';
import { RequirePermission } from '../access-control/authorize.js';
import { UserAccount } from '../identity/user-account.entity.js';
import { MailList } from './mail-list.service.js';
import { MailMessage } from './mail-message.entity.js';
import { MailMessageConnection, MailMessageFilter, MailMessageModel } from './mail.model.js';
import { readMail } from './mail.permissions.js';

@Resolver(() => MailMessageModel)
export class MailResolver {
  constructor(
    @Inject(MailList) private readonly mails: MailList,
    @Inject(EntityLoader) private readonly loader: EntityLoader,
  ) {}

  @Query(() => MailMessageConnection, { name: 'mailMessages', description: 'The newest first.' })
  @RequirePermission(readMail)
  list(
    @Caller() context: RequestContext,
    @Args() page: ConnectionArguments,
    @Args('filter', { nullable: true }) filter?: MailMessageFilter,
  ): Promise<Connection<MailMessage>> {
    return this.mails.list(context, filter ?? {}, page);
  }

  @Query(() => MailMessageModel, { name: 'mailMessage', nullable: true })
  @RequirePermission(readMail)
  find(@Caller() context: RequestContext, @Args('id', { type: () => ID }) id: string): Promise<MailMessage | null> {
    return this.loader.byId(context, MailMessage, id);
  }

  @ResolveField(() => String, { name: 'text', description: 'Plain text: show it as text, never as HTML. That of a confidential mail is for its addressee.' })
  async text(@Caller() context: RequestContext, @Parent() mail: MailMessage): Promise<string> {
    if (!mail.confidential) return mail.text;
    const reader = await this.loader.byId(context, UserAccount, context.actor.type === 'user' ? context.actor.id : null);
    return this.mails.textFor(mail, reader?.email ?? null);
  }

  @Query(() => Boolean, { name: 'mailIsDelivered', description: 'Whether a mail server is set; otherwise mails are only kept.' })
  @RequirePermission(readMail)
  isDelivered(): boolean {
    return this.mails.delivers;
  }
}
