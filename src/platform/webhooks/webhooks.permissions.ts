import { ADMINISTRATORS, definePermission } from '../../common/permission.js';

/** Endpoints and what was sent to them. */
export const readWebhooks = definePermission('webhooks.read', ADMINISTRATORS);
/** Whoever holds it can have the events of the workspace sent anywhere. */
export const manageWebhooks = definePermission('webhooks.manage', ADMINISTRATORS);
