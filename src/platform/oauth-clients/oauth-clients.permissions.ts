import { ADMINISTRATORS, definePermissionOfPeople } from '../../common/permission.js';

/** No program makes programs, nor ends them. */
export const manageOAuthClients = definePermissionOfPeople('oauth-clients.manage', ADMINISTRATORS);
