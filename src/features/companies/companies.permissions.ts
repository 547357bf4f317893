import { definePermission, RECRUITERS, RECRUITING_TEAM } from '../../common/permission.js';

export const readCompanies = definePermission('companies.read', RECRUITING_TEAM);
export const writeCompanies = definePermission('companies.write', RECRUITERS);
