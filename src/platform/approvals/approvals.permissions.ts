import { ADMINISTRATORS, definePermission } from '../../common/permission.js';

/** Answering in the place of an approver who did not, once the approval has been escalated. */
export const decideEscalated = definePermission('approvals.escalated.decide', ADMINISTRATORS);
