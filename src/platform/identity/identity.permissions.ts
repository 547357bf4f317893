import { ADMINISTRATORS, definePermission, EVERYONE } from '../../common/permission.js';

export const readMembers = definePermission('members.read', EVERYONE);
export const manageApiKeys = definePermission('api-keys.manage', ADMINISTRATORS);
