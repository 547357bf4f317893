import { definePermission, RECRUITERS, RECRUITING_TEAM } from '../../../common/permission.js';

export const readOutreach = definePermission('outreach.read', RECRUITING_TEAM);
export const writeOutreach = definePermission('outreach.write', RECRUITERS);
