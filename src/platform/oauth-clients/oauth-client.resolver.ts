import { Inject } from '@nestjs/common';
import { Args, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { RequestContext } from '../../common/request-context.js';
import { Caller } from '../../protocols/graphql/caller.js';
import { RequirePermission } from '../access-control/authorize.js';
import { clientIdOf } from './client-id.js';
import { CreatedOAuthClient, CreateOAuthClientInput, OAuthClientModel } from './oauth-client.model.js';
import { OAuthClientService } from './oauth-client.service.js';
import { manageOAuthClients } from './oauth-clients.permissions.js';

@Resolver(() => OAuthClientModel)
export class OAuthClientResolver {
  constructor(@Inject(OAuthClientService) private readonly clients: OAuthClientService) {}

  @Query(() => [OAuthClientModel], { name: 'oauthClients', description: 'The newest first.' })
  @RequirePermission(manageOAuthClients)
  list(@Caller() context: RequestContext): Promise<OAuthClientModel[]> {
    return this.clients.list(context);
  }

  @Mutation(() => CreatedOAuthClient, { description: 'Makes a program that fetches tokens at POST /api/auth/token.' })
  @RequirePermission(manageOAuthClients)
  createOAuthClient(@Caller() context: RequestContext, @Args('input') input: CreateOAuthClientInput): Promise<CreatedOAuthClient> {
    return this.clients.create(context, input);
  }

  @Mutation(() => OAuthClientModel, { description: 'Ends a program and its tokens at once.' })
  @RequirePermission(manageOAuthClients)
  revokeOAuthClient(@Caller() context: RequestContext, @Args('id', { type: () => ID }) id: string): Promise<OAuthClientModel> {
    return this.clients.revoke(context, id);
  }

  @ResolveField(() => String, { description: 'The client_id with which it fetches tokens.' })
  clientId(@Parent() client: OAuthClientModel): string {
    return clientIdOf(client);
  }
}
