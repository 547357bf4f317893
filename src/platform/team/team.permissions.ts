import { ADMINISTRATORS, definePermission, definePermissionOfPeople } from '../../common/permission.js';

export const readInvitations = definePermission('invitations.read', ADMINISTRATORS);
/** Inviting, changing roles, removing. A key that leaked could let its thief in for good, so none can hold it. */
export const manageMembers = definePermissionOfPeople('members.manage', ADMINISTRATORS);
