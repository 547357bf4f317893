import { ADMINISTRATORS, definePermission } from '../../common/permission.js';

export const readSchedules = definePermission('schedules.read', ADMINISTRATORS);
export const manageSchedules = definePermission('schedules.manage', ADMINISTRATORS);
