import { definePermission, RECRUITERS } from '../../common/permission.js';

export const analyzeResumes = definePermission('resumes.analyze', RECRUITERS);
