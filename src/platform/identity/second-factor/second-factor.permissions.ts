import { definePermission } from '../../../common/permission.js';

export const manageSignIn = definePermission('sign-in.manage', ['owner']);
