import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { DomainError, invalidInput, notFound } from '../../common/errors.js';
import { newId } from '../../common/ids.js';
import type { RequestContext } from '../../common/request-context.js';
import { idText, optionalShortText, parseInput, shortText } from '../../common/validation.js';
import { Database } from '../../infrastructure/database/database.js';
import { isUniqueViolation } from '../../infrastructure/database/database-errors.js';
import { requireUser } from '../identity/session.service.js';
import { ApprovalDecision } from './approval-decision.entity.js';
import { approvalClosed, notYourApproval, outcomeOf, stepFor, stepToDecide, type Decider } from './approval-outcome.js';
import { ApprovalRecords } from './approval-records.js';
import { ApprovalStep } from './approval-step.entity.js';
import { Approval, type ApprovalStatus } from './approval.entity.js';
import { decideEscalated } from './approvals.permissions.js';

const MAX_APPROVERS = 20;

const REQUEST = z.object({
  subjectType: z.string().regex(/^[a-z][a-z_]{0,62}$/),
  subjectId: idText,
  termsHash: z.string().regex(/^[0-9a-f]{64}$/),
  mode: z.enum(['serial', 'parallel']),
  required: z.int().min(1),
  approverIds: z.array(idText).min(1, 'must name at least one person').max(MAX_APPROVERS, `may name at most ${MAX_APPROVERS} people`),
  /** Milliseconds until the answers are due, by the database's clock. */
  dueIn: z.int().min(1).max(366 * 86_400_000),
});
export type ApprovalRequest = z.input<typeof REQUEST>;

const DECISION = z.object({ approve: z.boolean(), comment: optionalShortText, termsHash: z.string().max(64) });
export type NewDecision = z.input<typeof DECISION>;

const REASON = z.object({ reason: shortText });

/** Asks several people for their yes and counts the answers. What happens in time is up to the workflow that waits for the end. */
@Injectable()
export class ApprovalService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ApprovalRecords) private readonly records: ApprovalRecords,
  ) {}

  /**
   * Begins an approval that needs the yes of `required` of the approvers. Throws INVALID_INPUT for people who are doubled or no
   * members, or a number that cannot be reached; APPROVAL_OPEN where one for the same record is under way.
   */
  async request(context: RequestContext, input: ApprovalRequest): Promise<Approval> {
    const { approverIds, dueIn, ...values } = parseInput(REQUEST, input);
    const requestedBy = requireUser(context);
    if (new Set(approverIds).size !== approverIds.length) throw invalidInput('Everybody can be asked once.', 'approverIds');
    if (values.required > approverIds.length) throw invalidInput('More approvals are required than people are asked.', 'required');
    return this.database.write(context, async (manager) => {
      await this.requireMembers(context, manager, approverIds, 'approverIds');
      const id = newId();
      await manager.query(
        `INSERT INTO approval (id, workspace_id, subject_type, subject_id, terms_hash, mode, required, due_at, requested_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, now() + make_interval(secs => $8), $9)`,
        [id, context.workspace, values.subjectType, values.subjectId, values.termsHash, values.mode, values.required, dueIn / 1_000, requestedBy],
      ).catch(refuseSecondOpen);
      await manager.insert(ApprovalStep, approverIds.map((approverId, position) => ({
        id: newId(), workspaceId: context.workspace, approvalId: id, position, approverId, escalated: false,
        state: values.mode === 'parallel' || position === 0 ? 'active' as const : 'pending' as const,
      })));
      const approval = await manager.findOneByOrFail(Approval, { id });
      await this.records.note(context, approval, 'request', 'requested', { mode: values.mode, required: values.required, approverIds });
      return approval;
    });
  }

  /**
   * Takes the caller's answer; everybody answers once. Throws NOT_FOUND, NOT_YOUR_APPROVAL, APPROVAL_CLOSED, ALREADY_DECIDED, or
   * TERMS_CHANGED where `termsHash` is not that of the terms that are asked about.
   */
  async decide(context: RequestContext, approvalId: string, decision: NewDecision): Promise<Approval> {
    const userId = requireUser(context);
    const { approve, comment, termsHash } = parseInput(DECISION, decision);
    return this.database.write(context, async (manager) => {
      const approval = await this.records.lock(manager, approvalId);
      const steps = await this.records.steps(manager, approval.id);
      const step = stepToDecide(approval, steps, await this.decider(context, manager, userId, approval.id), termsHash);
      step.state = approve ? 'approved' : 'rejected';
      await manager.save(step);
      await manager.insert(ApprovalDecision, {
        id: newId(), workspaceId: context.workspace, approvalId: approval.id, approvalStepId: step.id, decidedBy: userId, approved: approve, comment, termsHash, at: new Date(),
      });
      await this.records.note(context, approval, approve ? 'approve' : 'reject', 'answered', { stepId: step.id, approved: approve, comment });
      const outcome = outcomeOf(steps.map(({ state }) => state), approval.required);
      if (outcome) await this.records.close(context, manager, approval, outcome);
      else await this.askNext(context, manager, approval, steps);
      return approval;
    });
  }

  /** Throws what `decide` would throw. */
  async requireTurn(context: RequestContext, approvalId: string, termsHash: string): Promise<void> {
    const userId = requireUser(context);
    await this.database.read(context, async (manager) => {
      const approval = await manager.findOneBy(Approval, { id: approvalId });
      if (!approval) throw notFound('The approval');
      stepToDecide(approval, await this.records.steps(manager, approval.id), await this.decider(context, manager, userId, approval.id), termsHash);
    });
  }

  /**
   * Hands the caller's turn to another member who is not asked yet. Throws NOT_FOUND, NOT_YOUR_APPROVAL, APPROVAL_CLOSED,
   * INVALID_INPUT for somebody who is no member or is asked already.
   */
  async delegate(context: RequestContext, approvalId: string, toUserId: string): Promise<Approval> {
    const userId = requireUser(context);
    const { toUserId: to } = parseInput(z.object({ toUserId: idText }), { toUserId });
    return this.database.write(context, async (manager) => {
      const approval = await this.records.lock(manager, approvalId);
      const steps = await this.records.steps(manager, approval.id);
      const decider = await this.decider(context, manager, userId, approval.id);
      const step = decider.hasDecided ? null : stepFor(steps, decider);
      if (approval.status !== 'pending' && steps.some(({ approverId }) => approverId === userId)) throw approvalClosed(approval.status);
      if (!step) throw notYourApproval('Only the person whose turn it is can hand it on.');
      await this.requireMembers(context, manager, [to], 'toUserId');
      const busy = steps.some(({ approverId }) => approverId === to) || (await manager.existsBy(ApprovalDecision, { approvalId: approval.id, decidedBy: to }));
      if (busy) throw invalidInput('This person takes part in the approval already.', 'toUserId');
      Object.assign(step, { delegatedFrom: step.approverId, approverId: to, askedAt: null });
      await manager.save(step);
      await this.records.note(context, approval, 'delegate', 'turn', { stepId: step.id, from: step.delegatedFrom, to });
      return approval;
    });
  }

  /** Ends an open approval because what it asks about has changed or is gone; one that has ended stays as it is. */
  async void(context: RequestContext, approvalId: string, reason: string): Promise<ApprovalStatus> {
    const { reason: text } = parseInput(REASON, { reason });
    return this.end(context, approvalId, 'voided', text);
  }

  /** Ends an approval whose time is over, unless it was decided before; returns how it has ended. */
  expire(context: RequestContext, approvalId: string): Promise<ApprovalStatus> {
    return this.end(context, approvalId, 'expired', null);
  }

  /** Lets owners and admins answer for those who did not. Returns false where there is nothing to be answered any more. */
  async escalate(context: RequestContext, approvalId: string): Promise<boolean> {
    return this.database.write(context, async (manager) => {
      const approval = await this.records.lock(manager, approvalId);
      if (approval.status !== 'pending') return false;
      const [, changed] = await manager.query<[unknown[], number]>(
        `UPDATE approval_step SET escalated = true WHERE workspace_id = $1 AND approval_id = $2 AND state IN ('pending', 'active') AND NOT escalated`, [context.workspace, approval.id]);
      if (changed > 0) await this.records.note(context, approval, 'escalate', 'escalated');
      return true;
    });
  }

  private async end(context: RequestContext, approvalId: string, status: 'voided' | 'expired', reason: string | null): Promise<ApprovalStatus> {
    return this.database.write(context, async (manager) => {
      const approval = await this.records.lock(manager, approvalId);
      if (approval.status === 'pending') await this.records.close(context, manager, approval, status, reason);
      return approval.status;
    });
  }

  /** After an answer that decides nothing yet, the next in the row is asked. */
  private async askNext(context: RequestContext, manager: EntityManager, approval: Approval, steps: readonly ApprovalStep[]): Promise<void> {
    const next = steps.find(({ state }) => state === 'pending');
    if (!next || steps.some(({ state }) => state === 'active')) return;
    next.state = 'active';
    await manager.save(next);
    await this.records.note(context, approval, 'ask', 'turn', { stepId: next.id, to: next.approverId });
  }

  private async decider(context: RequestContext, manager: EntityManager, userId: string, approvalId: string): Promise<Decider> {
    return { userId, hasDecided: await manager.existsBy(ApprovalDecision, { approvalId, decidedBy: userId }), mayReplace: context.can(decideEscalated) };
  }

  private async requireMembers(context: RequestContext, manager: EntityManager, userIds: readonly string[], field: string): Promise<void> {
    const found = await manager.query<unknown[]>(
      `SELECT 1 FROM membership m JOIN user_account u ON u.id = m.user_id AND u.disabled_at IS NULL WHERE m.workspace_id = $1 AND m.user_id = ANY ($2::uuid[])`,
      [context.workspace, userIds]);
    if (found.length !== userIds.length) throw invalidInput('Only members of the workspace can approve.', field);
  }
}

function refuseSecondOpen(error: unknown): never {
  if (isUniqueViolation(error, 'approval_open')) throw new DomainError('APPROVAL_OPEN', 'An approval is under way already.', 409);
  throw error;
}
