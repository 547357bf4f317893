import { ADMINISTRATORS, definePermission, EVERYONE } from '../../common/permission.js';

export const readPipelines = definePermission('pipelines.read', EVERYONE);
export const writePipelines = definePermission('pipelines.write', ADMINISTRATORS);
