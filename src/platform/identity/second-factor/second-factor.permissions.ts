import { definePermissionOfPeople } from '../../../common/permission.js';

export const manageSignIn = definePermissionOfPeople('sign-in.manage', ['owner']);
