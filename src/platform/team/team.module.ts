import { Module } from '@nestjs/common';
import { InvitationAcceptance } from './invitation-acceptance.service.js';
import { InvitationRecords } from './invitation-records.js';
import { InvitationRoutes } from './invitation.routes.js';
import { InvitationService } from './invitation.service.js';
import { TeamController } from './team.controller.js';
import { TeamMembers } from './team-members.service.js';
import { InvitationResolver, TeamResolver } from './team.resolver.js';

/** Who belongs to a workspace: invitations, roles, and the way out. */
@Module({ providers: [TeamMembers, InvitationService, InvitationAcceptance, InvitationRecords, InvitationRoutes, InvitationResolver, TeamResolver, TeamController] })
export class TeamModule {}
