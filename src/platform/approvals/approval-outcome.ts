import { DomainError } from '../../common/errors.js';
import type { ApprovalStep, ApprovalStepState } from './approval-step.entity.js';
import type { Approval, ApprovalStatus } from './approval.entity.js';

/** How an approval stands: null while both ends are possible. */
export function outcomeOf(states: readonly ApprovalStepState[], required: number): 'approved' | 'rejected' | null {
  const count = (state: ApprovalStepState): number => states.filter((candidate) => candidate === state).length;
  if (count('approved') >= required) return 'approved';
  return states.length - count('rejected') < required ? 'rejected' : null;
}

/** Somebody who wants to decide. */
export interface Decider {
  readonly userId: string;
  readonly hasDecided: boolean;
  /** Whether this person may answer for others once the approval is escalated. */
  readonly mayReplace: boolean;
}

const CLOSED: Readonly<Record<Exclude<ApprovalStatus, 'pending'>, string>> = {
  approved: 'This has been approved already.', rejected: 'This has been rejected already.',
  voided: 'This approval was withdrawn or its terms were edited.', expired: 'The time for this approval is over.',
};

export const notYourApproval = (message: string): DomainError => new DomainError('NOT_YOUR_APPROVAL', message, 403);
export const approvalClosed = (status: Exclude<ApprovalStatus, 'pending'>): DomainError => new DomainError('APPROVAL_CLOSED', CLOSED[status], 409);

/** The step that the person answers next: the own one, or one that waits for anybody in charge. Null where it is not their turn. */
export function stepFor(steps: readonly ApprovalStep[], { userId, mayReplace }: Decider): ApprovalStep | null {
  const active = steps.filter(({ state }) => state === 'active');
  return active.find(({ approverId }) => approverId === userId) ?? (mayReplace ? active.find(({ escalated }) => escalated) : undefined) ?? null;
}

/** The step that the decision belongs to. Throws ALREADY_DECIDED, NOT_YOUR_APPROVAL, TERMS_CHANGED or APPROVAL_CLOSED. */
export function stepToDecide(approval: Approval, steps: readonly ApprovalStep[], decider: Decider, termsHash: string): ApprovalStep {
  if (decider.hasDecided) throw new DomainError('ALREADY_DECIDED', 'You have decided this already.', 409);
  const isApprover = steps.some(({ approverId }) => approverId === decider.userId);
  if (!isApprover && !(decider.mayReplace && steps.some(({ escalated }) => escalated))) throw notYourApproval('You are not asked to approve this.');
  if (termsHash !== approval.termsHash) throw new DomainError('TERMS_CHANGED', 'The terms are not those that you have seen. Read them again.', 409);
  if (approval.status !== 'pending') throw approvalClosed(approval.status);
  const step = stepFor(steps, decider);
  if (!step) throw notYourApproval('It is not your turn yet. You will get a mail when it is.');
  return step;
}
