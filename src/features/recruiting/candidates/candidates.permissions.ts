import { definePermission, EVERYONE, RECRUITERS } from '../../../common/permission.js';

export const readCandidates = definePermission('candidates.read', EVERYONE);
export const readSalary = definePermission('candidates.salary.read', RECRUITERS);
export const writeCandidates = definePermission('candidates.write', RECRUITERS);
