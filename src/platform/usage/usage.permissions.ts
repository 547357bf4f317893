import { ADMINISTRATORS, definePermission } from '../../common/permission.js';

export const readUsage = definePermission('usage.read', ADMINISTRATORS);
