import { Inject } from '@nestjs/common';
import { Args, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { Role } from '../../common/permission.js';
import { RequestContext } from '../../common/request-context.js';
import { EntityLoader } from '../../infrastructure/database/entity-loader.js';
import { Caller } from '../../protocols/graphql/caller.js';
import { RequirePermission, SignedIn } from '../access-control/authorize.js';
import { MemberModel, RoleEnum, UserModel } from '../identity/identity.model.js';
import { UserAccount } from '../identity/user-account.entity.js';
import type { Invitation, SentInvitation } from './invitation.js';
import { InvitationService } from './invitation.service.js';
import { TeamMembers } from './team-members.service.js';
import { InvitationModel, SentInvitationModel } from './team.model.js';
import { manageMembers, readInvitations } from './team.permissions.js';

@Resolver(() => InvitationModel)
export class InvitationResolver {
  constructor(
    @Inject(InvitationService) private readonly invitations: InvitationService,
    @Inject(EntityLoader) private readonly loader: EntityLoader,
  ) {}

  @Query(() => [InvitationModel], { name: 'invitations', description: 'The newest 200, also those that are over.' })
  @RequirePermission(readInvitations)
  list(@Caller() context: RequestContext): Promise<Invitation[]> {
    return this.invitations.list(context);
  }

  @Mutation(() => SentInvitationModel, { description: 'Mails a link that works once, for seven days, for this address.' })
  @RequirePermission(manageMembers)
  inviteMember(@Caller() context: RequestContext, @Args('email') email: string, @Args('role', { type: () => RoleEnum }) role: Role): Promise<SentInvitation> {
    return this.invitations.create(context, { email, role });
  }

  @Mutation(() => SentInvitationModel, { description: 'Mails a new link; the earlier one is dead.' })
  @RequirePermission(manageMembers)
  resendInvitation(@Caller() context: RequestContext, @Args('id', { type: () => ID }) id: string): Promise<SentInvitation> {
    return this.invitations.resend(context, id);
  }

  @Mutation(() => InvitationModel)
  @RequirePermission(manageMembers)
  revokeInvitation(@Caller() context: RequestContext, @Args('id', { type: () => ID }) id: string): Promise<Invitation> {
    return this.invitations.revoke(context, id);
  }

  @ResolveField(() => UserModel, { nullable: true })
  inviter(@Caller() context: RequestContext, @Parent() invitation: InvitationModel): Promise<UserAccount | null> {
    return this.loader.byId(context, UserAccount, invitation.invitedBy);
  }
}

@Resolver(() => MemberModel)
export class TeamResolver {
  constructor(@Inject(TeamMembers) private readonly members: TeamMembers) {}

  @Mutation(() => MemberModel)
  @RequirePermission(manageMembers)
  changeMemberRole(@Caller() context: RequestContext, @Args('id', { type: () => ID }) id: string, @Args('role', { type: () => RoleEnum }) role: Role): Promise<MemberModel> {
    return this.members.changeRole(context, id, role);
  }

  @Mutation(() => Boolean, { description: 'Sessions and API keys of the member are dead at once.' })
  @RequirePermission(manageMembers)
  async removeMember(@Caller() context: RequestContext, @Args('id', { type: () => ID }) id: string): Promise<boolean> {
    await this.members.remove(context, id);
    return true;
  }

  @Mutation(() => Boolean, { description: 'Ends the membership of the caller.' })
  @SignedIn(true)
  async leaveWorkspace(@Caller() context: RequestContext): Promise<boolean> {
    await this.members.leave(context);
    return true;
  }
}
