import { Inject } from '@nestjs/common';
import { Args, Context, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { declaredPermissions } from '../../common/permission.js';
import { RequestContext } from '../../common/request-context.js';
import { EntityLoader } from '../../infrastructure/database/entity-loader.js';
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
  viewer(@Context() context: RequestContext): ViewerModel {
    return { role: context.role!, permissions: declaredPermissions().filter((permission) => context.can(permission)).map((permission) => permission.name) };
  }

  @ResolveField(() => UserModel, { nullable: true, description: 'Null for API keys.' })
  user(@Context() context: RequestContext): Promise<UserAccount | null> {
    return this.loader.byId(context, UserAccount, context.actor.type === 'user' ? context.actor.id : null);
  }

  @ResolveField(() => WorkspaceModel)
  workspace(@Context() context: RequestContext): Promise<Workspace | null> {
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
  list(@Context() context: RequestContext): Promise<MemberModel[]> {
    return this.members.list(context);
  }

  @ResolveField(() => UserModel)
  user(@Context() context: RequestContext, @Parent() member: MemberModel): Promise<UserAccount | null> {
    return this.loader.byId(context, UserAccount, member.userId);
  }
}

@Resolver(() => ApiKeyModel)
export class ApiKeyResolver {
  constructor(@Inject(ApiKeyService) private readonly apiKeys: ApiKeyService) {}

  @Query(() => [ApiKeyModel], { name: 'apiKeys' })
  @RequirePermission(manageApiKeys)
  list(@Context() context: RequestContext): Promise<ApiKeyModel[]> {
    return this.apiKeys.list(context);
  }

  @Mutation(() => CreatedApiKey)
  @RequirePermission(manageApiKeys)
  createApiKey(@Context() context: RequestContext, @Args('input') input: CreateApiKeyInput): Promise<CreatedApiKey> {
    return this.apiKeys.create(context, input);
  }

  @Mutation(() => Boolean)
  @RequirePermission(manageApiKeys)
  async revokeApiKey(@Context() context: RequestContext, @Args('id', { type: () => ID }) id: string): Promise<boolean> {
    await this.apiKeys.revoke(context, id);
    return true;
  }
}
