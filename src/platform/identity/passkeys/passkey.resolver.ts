import { Inject } from '@nestjs/common';
import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { RequestContext } from '../../../common/request-context.js';
import { Caller } from '../../../protocols/graphql/caller.js';
import { SignedIn } from '../../access-control/authorize.js';
import { PasskeyModel } from './passkey.model.js';
import { PasskeyService } from './passkey.service.js';

@Resolver(() => PasskeyModel)
export class PasskeyResolver {
  constructor(@Inject(PasskeyService) private readonly passkeys: PasskeyService) {}

  @Query(() => [PasskeyModel], { name: 'passkeys', description: 'Your own, the oldest first.' })
  @SignedIn(true)
  list(@Caller() context: RequestContext): Promise<PasskeyModel[]> {
    return this.passkeys.list(context);
  }

  @Mutation(() => PasskeyModel)
  @SignedIn(true)
  renamePasskey(@Caller() context: RequestContext, @Args('id', { type: () => ID }) id: string, @Args('name', { type: () => String }) name: string): Promise<PasskeyModel> {
    return this.passkeys.rename(context, id, name);
  }

  @Mutation(() => Boolean, { description: 'The passkey opens nothing from now on.' })
  @SignedIn(true)
  async removePasskey(@Caller() context: RequestContext, @Args('id', { type: () => ID }) id: string): Promise<boolean> {
    await this.passkeys.remove(context, id);
    return true;
  }
}
