import { definePermission, RECRUITERS } from '../../common/permission.js';

export const optimizeResumes = definePermission('resumes.optimize', RECRUITERS);
