import { definePermission, RECRUITING_TEAM } from '../../../common/permission.js';

export const readDocuments = definePermission('documents.read', RECRUITING_TEAM);
