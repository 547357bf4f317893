import { definePermission, RECRUITING_TEAM } from '../../common/permission.js';

export const readMail = definePermission('mail.read', RECRUITING_TEAM);
