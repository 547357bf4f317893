import { Global, Module } from '@nestjs/common';
import { ApprovalLinks } from './approval-links.service.js';
import { ApprovalPeople } from './approval-people.service.js';
import { ApprovalRecords } from './approval-records.js';
import { EscalateForApproverWhoLeft } from './approver-left.js';
import { ApprovalDecisionResolver, ApprovalResolver, ApprovalStepResolver } from './approval.resolver.js';
import { ApprovalService } from './approval.service.js';

/** Approvals of anything by several people. */
@Global()
@Module({
  providers: [ApprovalService, ApprovalRecords, ApprovalPeople, ApprovalLinks, EscalateForApproverWhoLeft, ApprovalResolver, ApprovalStepResolver, ApprovalDecisionResolver],
  exports: [ApprovalService, ApprovalPeople, ApprovalLinks],
})
export class ApprovalsModule {}
