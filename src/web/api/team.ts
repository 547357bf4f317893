export type Role = 'owner' | 'admin' | 'recruiter' | 'hiring_manager' | 'interviewer';
export type InvitationState = 'pending' | 'expired' | 'accepted' | 'revoked';

export interface Member {
  readonly id: string;
  readonly role: Role;
  readonly createdAt: string;
  readonly user: { readonly id: string; readonly email: string; readonly displayName: string };
}

export interface Invitation {
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  readonly state: InvitationState;
  readonly sentAt: string;
  readonly expiresAt: string;
  readonly inviter: { readonly displayName: string } | null;
}

/** The answer of a mutation that sends an invitation; the link is there where no mail server brings it. */
export type SentInvitation = Readonly<Record<string, { readonly link: string | null }>>;

export interface TeamData {
  readonly viewer: { readonly role: Role; readonly user: { readonly id: string } | null };
  readonly members: readonly Member[];
}

export const TEAM = '{ viewer { role user { id } } members { id role createdAt user { id email displayName } } }';
export const INVITATIONS = '{ invitations { id email role state sentAt expiresAt inviter { displayName } } }';
export const INVITE = 'mutation ($email: String!, $role: Role!) { inviteMember(email: $email, role: $role) { link } }';
export const RESEND_INVITATION = 'mutation ($id: ID!) { resendInvitation(id: $id) { link } }';
export const REVOKE_INVITATION = 'mutation ($id: ID!) { revokeInvitation(id: $id) { id } }';
export const CHANGE_ROLE = 'mutation ($id: ID!, $role: Role!) { changeMemberRole(id: $id, role: $role) { id } }';
export const REMOVE_MEMBER = 'mutation ($id: ID!) { removeMember(id: $id) }';
export const LEAVE = 'mutation { leaveWorkspace }';
