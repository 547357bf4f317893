import { Field, GraphQLISODateTime, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { Role } from '../../common/permission.js';
import { RoleEnum } from '../identity/identity.model.js';
import type { InvitationState } from './invitation.js';

export const InvitationStateEnum = { pending: 'pending', expired: 'expired', accepted: 'accepted', revoked: 'revoked' } as const;
registerEnumType(InvitationStateEnum, { name: 'InvitationState' });

@ObjectType('Invitation', { description: 'Somebody who was invited by mail to become a member.' })
export class InvitationModel {
  @Field(() => ID) id: string;
  @Field(() => String) email: string;
  @Field(() => RoleEnum) role: Role;
  @Field(() => InvitationStateEnum) state: InvitationState;
  @Field(() => GraphQLISODateTime) createdAt: Date;
  @Field(() => GraphQLISODateTime, { description: 'When the link that works now was mailed.' }) sentAt: Date;
  @Field(() => GraphQLISODateTime) expiresAt: Date;
  @Field(() => GraphQLISODateTime, { nullable: true }) acceptedAt: Date | null;
  invitedBy: string;
}

@ObjectType('SentInvitation')
export class SentInvitationModel extends InvitationModel {
  @Field(() => String, { nullable: true, description: 'Only where no mail server is set: hand it over to the person. It is shown this once.' }) link: string | null;
}
