import type { ReactNode } from 'react';
import type { Approval, ApprovalStep } from '../api/offers.js';
import { minute } from './format.js';

const STATES: Readonly<Record<ApprovalStep['state'], readonly [string, string]>> = {
  pending: ['Not asked yet', ''], active: ['Asked', 'badge-queued'], approved: ['Approved', 'badge-done'], rejected: ['Rejected', 'badge-dead'], skipped: ['Not needed', ''],
};

function Step({ step }: { step: ApprovalStep }): ReactNode {
  const { approver, delegatedFrom, decision, state, escalated } = step;
  const [word, colour] = STATES[state];
  return (
    <li>
      <p className="part-head"><span>{approver.displayName}</span><span className={`badge ${colour}`}>{word}</span></p>
      <p className="quiet">
        {delegatedFrom && `Handed on by ${delegatedFrom.displayName}. `}
        {state === 'active' && escalated && 'Owners and admins may answer instead. '}
        {decision && `${decision.user.id === approver.id ? '' : `By ${decision.user.displayName}, `}${minute(decision.at)}`}
      </p>
      {decision?.comment && <blockquote>{decision.comment}</blockquote>}
    </li>
  );
}

/** Who is asked, and who has answered what. */
export function ApprovalState({ approval }: { approval: Approval }): ReactNode {
  const { steps, required, mode, status, dueAt, voidReason } = approval;
  return (
    <>
      <p className="quiet">
        {required} of {steps.length} must approve, {mode === 'serial' ? 'one after the other' : 'in any order'}
        {status === 'pending' && `, until ${minute(dueAt)}`}.{status === 'expired' && ' The time is over.'} {voidReason}
      </p>
      <ol className="parts">{steps.map((step) => <Step key={step.id} step={step} />)}</ol>
    </>
  );
}
