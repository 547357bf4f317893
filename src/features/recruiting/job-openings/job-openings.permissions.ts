import { definePermission, EVERYONE, RECRUITERS } from '../../../common/permission.js';

export const readJobOpenings = definePermission('job-openings.read', EVERYONE);
export const writeJobOpenings = definePermission('job-openings.write', RECRUITERS);
