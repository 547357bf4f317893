import { DomainError } from '../../common/errors.js';
import type { Role } from '../../common/permission.js';

export type InvitationState = 'pending' | 'expired' | 'accepted' | 'revoked';

/** An invitation as administrators see it. */
export interface Invitation {
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  readonly state: InvitationState;
  readonly invitedBy: string;
  readonly createdAt: Date;
  readonly sentAt: Date;
  readonly expiresAt: Date;
  readonly acceptedAt: Date | null;
}

/** One that was just sent. */
export interface SentInvitation extends Invitation {
  /** For whoever invites to hand over; null where a mail server brings it, because then it also shows whose the address is. */
  readonly link: string | null;
}

export const INVITATION_PREFIX = 'invitation';
export const INVITATION_DAYS = 7;

/** SQL of the state of a row `i`. */
export const STATE = `CASE WHEN i.accepted_at IS NOT NULL THEN 'accepted' WHEN i.revoked_at IS NOT NULL THEN 'revoked' WHEN i.expires_at <= now() THEN 'expired' ELSE 'pending' END`;

const CLOSED: Readonly<Record<Exclude<InvitationState, 'pending'>, readonly [string, string, number]>> = {
  accepted: ['INVITATION_USED', 'This invitation has been accepted already. It works once.', 409],
  revoked: ['INVITATION_REVOKED', 'This invitation was taken back. Ask whoever invited you.', 410],
  expired: ['INVITATION_EXPIRED', 'This invitation is too old. Ask for a new one.', 410],
};

/** Throws INVITATION_USED, INVITATION_REVOKED or INVITATION_EXPIRED. */
export function refuseClosed(state: InvitationState): void {
  if (state === 'pending') return;
  const [code, message, status] = CLOSED[state];
  throw new DomainError(code, message, status);
}

export const alreadyMember = (): DomainError => new DomainError('ALREADY_MEMBER', 'This person is a member of the workspace already.', 409);
