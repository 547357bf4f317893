import { ADMINISTRATORS, definePermission, RECRUITERS, RECRUITING_TEAM } from '../../common/permission.js';

export const readBackgroundJobs = definePermission('background-jobs.read', RECRUITING_TEAM);
export const retryBackgroundJobs = definePermission('background-jobs.retry', RECRUITERS);
/** Cancel, pause, resume, move, run at once, put away. */
export const changeBackgroundJobs = definePermission('background-jobs.change', RECRUITERS);
/** What a job was given to do may name people and addresses that its list does not show. */
export const readBackgroundJobPayloads = definePermission('background-jobs.payload', ADMINISTRATORS);
