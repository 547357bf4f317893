import { definePermission, EVERYONE, RECRUITERS, RECRUITING_TEAM } from '../../../common/permission.js';

export const readApplications = definePermission('applications.read', EVERYONE);
export const createApplications = definePermission('applications.create', RECRUITERS);
export const moveApplications = definePermission('applications.move', RECRUITING_TEAM);
export const rejectApplications = definePermission('applications.reject', RECRUITING_TEAM);
