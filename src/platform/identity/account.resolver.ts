import { Inject } from '@nestjs/common';
import { Args, ID, Int, Mutation, Query, Resolver } from '@nestjs/graphql';
import { RequestContext } from '../../common/request-context.js';
import { Caller } from '../../protocols/graphql/caller.js';
import { SignedIn } from '../access-control/authorize.js';
import { SessionModel } from './account.model.js';
import { OwnSessions } from './own-sessions.service.js';
import { PasswordService } from './password.service.js';

/** What people do about their own account; a program has none. */
@Resolver(() => SessionModel)
export class AccountResolver {
  constructor(
    @Inject(OwnSessions) private readonly own: OwnSessions,
    @Inject(PasswordService) private readonly passwords: PasswordService,
  ) {}

  @Query(() => [SessionModel], { description: 'The sign-ins of the caller, this one first and then the most recently used.' })
  @SignedIn(true)
  sessions(@Caller() context: RequestContext): Promise<SessionModel[]> {
    return this.own.list(context);
  }

  @Mutation(() => Boolean)
  @SignedIn(true)
  async endSession(@Caller() context: RequestContext, @Args('id', { type: () => ID }) id: string): Promise<boolean> {
    await this.own.end(context, id);
    return true;
  }

  @Mutation(() => Int, { description: 'Ends all sign-ins of the caller but this one, and tells how many they were.' })
  @SignedIn(true)
  endOtherSessions(@Caller() context: RequestContext): Promise<number> {
    return this.own.endOthers(context);
  }

  @Mutation(() => Boolean, { description: 'Ends all other sign-ins of the caller.' })
  @SignedIn(true)
  async changePassword(
    @Caller() context: RequestContext,
    @Args('currentPassword') currentPassword: string,
    @Args('newPassword', { description: '12 to 200 characters.' }) newPassword: string,
  ): Promise<boolean> {
    await this.passwords.change(context, { currentPassword, newPassword });
    return true;
  }
}
