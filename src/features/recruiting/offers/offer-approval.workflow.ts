import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { JsonObject } from '../../../common/json.js';
import { ApprovalService } from '../../../platform/approvals/approval.service.js';
import type { ApprovalStatus } from '../../../platform/approvals/approval.entity.js';
import { WorkflowHandler, type WorkflowWork } from '../../../serverless-jobs/workflows/workflow-handler.js';
import type { WorkflowRun, WorkflowSteps } from '../../../serverless-jobs/workflows/workflow-steps.js';
import { OfferApprovalMail } from './offer-approval-mail.service.js';
import { offerApproval } from './offers.jobs.js';

type Payload = z.output<typeof offerApproval.payload>;

/**
 * Asks, reminds, escalates, and ends the approval when its time is over. Answers are taken by the mutations; what they decide is
 * on the offer in the same transaction. Each step's effects are stored with the step, so that nothing happens twice.
 */
@Injectable()
@WorkflowHandler(offerApproval)
export class OfferApprovalWorkflow implements WorkflowWork<typeof offerApproval> {
  constructor(
    @Inject(ApprovalService) private readonly approvals: ApprovalService,
    @Inject(OfferApprovalMail) private readonly mail: OfferApprovalMail,
  ) {}

  async run(step: WorkflowSteps, payload: Payload, run: WorkflowRun): Promise<JsonObject> {
    const { offerId, approvalId } = payload;
    await step.run('ask the approvers', (attempt) => attempt.complete(() => this.mail.ask(run.context, offerId, approvalId)));
    const decision = (await this.answer(step, payload, run)) ?? (await this.expire(step, payload, run));
    await step.run('tell the outcome', (attempt) => attempt.complete(() => this.tell(run, payload, decision)));
    return { decision };
  }

  /** How the approval was decided; null when its time is over. */
  private async answer(step: WorkflowSteps, { offerId, approvalId, remindAfter, escalateAfter, expireAfter }: Payload, { context }: WorkflowRun): Promise<ApprovalStatus | null> {
    const first = await step.waitForApproval('answer before the reminder', { approvalId, timeout: remindAfter });
    if (first) return first.decision;
    await step.run('remind', (attempt) => attempt.complete(() => this.mail.remind(context, offerId, approvalId)));
    const second = await step.waitForApproval('answer before the escalation', { approvalId, timeout: escalateAfter - remindAfter });
    if (second) return second.decision;
    await step.run('escalate', (attempt) => attempt.complete(async () => {
      if (await this.approvals.escalate(context, approvalId)) await this.mail.escalate(context, offerId, approvalId);
    }));
    const third = await step.waitForApproval('answer before the end', { approvalId, timeout: expireAfter - escalateAfter });
    return third && third.decision;
  }

  /** A decision of the same moment may come first; then that is how it ended. */
  private expire(step: WorkflowSteps, { approvalId }: Payload, { context }: WorkflowRun): Promise<ApprovalStatus> {
    return step.run('expire', (attempt) => attempt.complete(() => this.approvals.expire(context, approvalId)));
  }

  private async tell({ context }: WorkflowRun, { offerId, approvalId }: Payload, decision: ApprovalStatus): Promise<void> {
    if (decision !== 'approved' && decision !== 'rejected' && decision !== 'expired') await this.mail.callOff(context, offerId, approvalId);
    else await this.mail.tellRequester(context, offerId, approvalId, decision);
  }
}
