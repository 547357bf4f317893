import { Inject } from '@nestjs/common';
import { Args, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { declaredPermissions } from '../../common/permission.js';
import { RequestContext } from '../../common/request-context.js';
import { EntityLoader } from '../../infrastructure/database/entity-loader.js';
import { Caller } from '../../protocols/graphql/caller.js';
import { RequirePermission, SignedIn } from '../access-control/authorize.js';
import { ApiKeyService } from './api-key.service.js';
import { ApiKeyModel, CreateApiKeyInput, CreatedApiKey, MemberModel, UserModel, ViewerModel, WorkspaceModel } from './identity.model.js';
import { manageApiKeys, readMembers } from './identity.permissions.js';
import { MemberService } from './member.service.js';
import { UserAccount } from './user-account.entity.js';
import { Workspace } from './workspace.entity.js';

@Resolver(() => ViewerModel)
export class ViewerResolver {
  constructor(@Inject(EntityLoader) private readonly loader: EntityLoader) {}

  @Query(() => ViewerModel)
  @SignedIn(true)
  viewer(@Caller() context: RequestContext): ViewerModel {
    return { role: context.role!, permissions: declaredPermissions().filter((permission) => context.can(permission)).map((permission) => permission.name) };
  }

  @ResolveField(() => UserModel, { nullable: true, description: 'Null for API keys.' })
  user(@Caller() context: RequestContext): Promise<UserAccount | null> {
    return this.loader.byId(context, UserAccount, context.actor.type === 'user' ? context.actor.id : null);
  }

  @ResolveField(() => WorkspaceModel)
  workspace(@Caller() context: RequestContext): Promise<Workspace | null> {
    return this.loader.byId(context, Workspace, context.workspace);
  }
}

@Resolver(() => MemberModel)
export class MemberResolver {
  constructor(
    @Inject(EntityLoader) private readonly loader: EntityLoader,
    @Inject(MemberService) private readonly members: MemberService,
  ) {}

  @Query(() => [MemberModel], { name: 'members' })
  @RequirePermission(readMembers)
  list(@Caller() context: RequestContext): Promise<MemberModel[]> {
    return this.members.list(context);
  }

  @ResolveField(() => UserModel)
  user(@Caller() context: RequestContext, @Parent() member: MemberModel): Promise<UserAccount | null> {
    return this.loader.byId(context, UserAccount, member.userId);
  }
}

@Resolver(() => ApiKeyModel)
export class ApiKeyResolver {
  constructor(@Inject(ApiKeyService) private readonly apiKeys: ApiKeyService) {}

  @Query(() => [ApiKeyModel], { name: 'apiKeys' })
  @RequirePermission(manageApiKeys)
  list(@Caller() context: RequestContext): Promise<ApiKeyModel[]> {
    return this.apiKeys.list(context);
  }

  @Query(() => [String], { description: 'Names of the rights that the caller can give to an API key.' })
  @RequirePermission(manageApiKeys)
  apiKeyScopes(@Caller() context: RequestContext): string[] {
    return this.apiKeys.grantable(context);
  }

  @Mutation(() => CreatedApiKey)
  @RequirePermission(manageApiKeys)
  createApiKey(@Caller() context: RequestContext, @Args('input') input: CreateApiKeyInput): Promise<CreatedApiKey> {
    return this.apiKeys.create(context, input);
  }

  @Mutation(() => Boolean)
  @RequirePermission(manageApiKeys)
  async revokeApiKey(@Caller() context: RequestContext, @Args('id', { type: () => ID }) id: string): Promise<boolean> {
    await this.apiKeys.revoke(context, id);
    return true;
  }
}
