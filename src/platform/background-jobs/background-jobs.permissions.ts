import { definePermission, RECRUITERS, RECRUITING_TEAM } from '../../common/permission.js';

export const readBackgroundJobs = definePermission('background-jobs.read', RECRUITING_TEAM);
export const retryBackgroundJobs = definePermission('background-jobs.retry', RECRUITERS);
