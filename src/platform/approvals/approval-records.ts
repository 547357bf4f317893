import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { notFound } from '../../common/errors.js';
import { isId } from '../../common/ids.js';
import type { JsonObject } from '../../common/json.js';
import type { RequestContext } from '../../common/request-context.js';
import { WorkflowEvents } from '../../serverless-jobs/workflows/workflow-events.service.js';
import { AuditLog } from '../audit-log/audit-log.service.js';
import { DomainEvents } from '../domain-events/domain-events.service.js';
import { ApprovalStep } from './approval-step.entity.js';
import { Approval, type ApprovalStatus } from './approval.entity.js';

/** The rows of approvals and what is told about their changes, for use inside a write. */
@Injectable()
export class ApprovalRecords {
  constructor(
    @Inject(AuditLog) private readonly auditLog: AuditLog,
    @Inject(DomainEvents) private readonly events: DomainEvents,
    @Inject(WorkflowEvents) private readonly workflows: WorkflowEvents,
  ) {}

  /** The approval under its lock: decisions, timeouts and edits of one approval happen one after the other. Throws NOT_FOUND. */
  async lock(manager: EntityManager, id: string): Promise<Approval> {
    const approval = isId(id) ? await manager.findOne(Approval, { where: { id }, lock: { mode: 'pessimistic_write' } }) : null;
    if (!approval) throw notFound('The approval');
    return approval;
  }

  /** In the order in which they are asked. */
  steps(manager: EntityManager, approvalId: string): Promise<ApprovalStep[]> {
    return manager.find(ApprovalStep, { where: { approvalId }, order: { position: 'ASC' } });
  }

  /** Notes who did what: an audit row and the fact `approval.<fact>` for those who react to it. */
  async note(context: RequestContext, approval: Approval, action: string, fact: string, details: JsonObject = {}): Promise<void> {
    await this.auditLog.record(context, `approval.${action}`, { type: 'approval', id: approval.id }, details);
    await this.events.emit(context, {
      type: `approval.${fact}`, subjectId: approval.id, payload: { subjectType: approval.subjectType, subjectId: approval.subjectId, ...details },
    });
  }

  /** Ends the approval and tells the workflow that waits for it, in the same transaction. */
  async close(context: RequestContext, manager: EntityManager, approval: Approval, status: Exclude<ApprovalStatus, 'pending'>, voidReason: string | null = null): Promise<void> {
    Object.assign(approval, { status, voidReason, decidedAt: new Date() });
    await manager.save(approval);
    await manager.query(
      `UPDATE approval_step SET state = 'skipped' WHERE workspace_id = $1 AND approval_id = $2 AND state IN ('pending', 'active')`, [context.workspace, approval.id]);
    await this.note(context, approval, 'close', 'decided', { decision: status });
    await this.workflows.send(context, 'approval.decided', { approvalId: approval.id, decision: status });
  }
}
