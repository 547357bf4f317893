import { ADMINISTRATORS, definePermission } from '../../common/permission.js';

export const readInvitations = definePermission('invitations.read', ADMINISTRATORS);
/** Inviting, changing roles, removing: for people only, because a key that leaked could let its thief in for good. */
export const manageMembers = definePermission('members.manage', ADMINISTRATORS);
