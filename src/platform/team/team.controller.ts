import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { ROLES } from '../../common/permission.js';
import type { RequestContext } from '../../common/request-context.js';
import { EntityLoader } from '../../infrastructure/database/entity-loader.js';
import { defineOperation, RestOperations, type OperationSet } from '../../protocols/rest/rest-operation.js';
import { ID, named, TIME, timeOrNull, timeText } from '../../protocols/rest/rest-schemas.js';
import { readMembers } from '../identity/identity.permissions.js';
import { MemberService } from '../identity/member.service.js';
import type { Membership } from '../identity/membership.entity.js';
import { UserAccount } from '../identity/user-account.entity.js';
import type { Invitation } from './invitation.js';
import { InvitationService } from './invitation.service.js';
import { readInvitations } from './team.permissions.js';

const ROLE = z.enum(ROLES);
const MEMBER = named('Member', { id: ID, userId: ID, email: z.string(), displayName: z.string(), role: ROLE, createdAt: TIME });
const MEMBERS = named('Members', { items: z.array(MEMBER) });
const INVITATION = named('Invitation', {
  id: ID, email: z.string(), role: ROLE, state: z.enum(['pending', 'expired', 'accepted', 'revoked']), invitedBy: ID.describe('A user.'), createdAt: TIME, sentAt: TIME.describe('When the link that works now was mailed.'),
  expiresAt: TIME, acceptedAt: TIME.nullable(),
});
const INVITATIONS = named('Invitations', { items: z.array(INVITATION) });

const shownInvitation = ({ id, email, role, state, invitedBy, createdAt, sentAt, expiresAt, acceptedAt }: Invitation): z.input<typeof INVITATION> =>
  ({ id, email, role, state, invitedBy, createdAt: timeText(createdAt), sentAt: timeText(sentAt), expiresAt: timeText(expiresAt), acceptedAt: timeOrNull(acceptedAt) });

/** Programs see who is in the team; only people change it. */
@Injectable()
@RestOperations()
export class TeamController implements OperationSet {
  readonly operations = [
    defineOperation({
      name: 'listMembers', method: 'GET', path: '/members', tag: 'Team', summary: 'Lists the members of the workspace, the oldest first.', permission: readMembers, answer: MEMBERS,
      run: async (context) => ({ items: (await Promise.all((await this.members.list(context)).map((member) => this.shownMember(context, member)))).flat() }),
    }),
    defineOperation({
      name: 'listInvitations', method: 'GET', path: '/invitations', tag: 'Team', summary: 'Lists the newest 200 invitations, also those that are over.', permission: readInvitations, answer: INVITATIONS,
      run: async (context) => ({ items: (await this.invitations.list(context)).map(shownInvitation) }),
    }),
  ];

  constructor(
    @Inject(MemberService) private readonly members: MemberService,
    @Inject(InvitationService) private readonly invitations: InvitationService,
    @Inject(EntityLoader) private readonly loader: EntityLoader,
  ) {}

  private async shownMember(context: RequestContext, { id, userId, role, createdAt }: Membership): Promise<z.input<typeof MEMBER>[]> {
    const user = await this.loader.byId(context, UserAccount, userId);
    return user ? [{ id, userId, email: user.email, displayName: user.displayName, role, createdAt: timeText(createdAt) }] : [];
  }
}
