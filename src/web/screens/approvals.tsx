import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactNode } from 'react';
import { Link } from 'react-router';
import { graphql } from '../api/client.js';
import { APPROVE, DELEGATE, MEMBERS, MY_APPROVALS, REJECT_OFFER, type Member, type MyApproval } from '../api/offers.js';
import { ApprovalState } from '../components/approval-state.js';
import { minute } from '../components/format.js';
import { Empty, Failure, Loading } from '../components/notice.js';
import { TermsList } from '../components/terms.js';
import { useAction } from '../components/use-action.js';
import { useTitle } from '../components/use-title.js';

const POLL_MS = 10_000;

function Delegation({ approval, onEnd }: { approval: MyApproval; onEnd: () => void }): ReactNode {
  const { data, error, refetch } = useQuery({ queryKey: ['members'], queryFn: () => graphql<{ members: readonly Member[] }>(MEMBERS), staleTime: 60_000 });
  const action = useAction(onEnd);
  if (error) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading rows={1} />;
  const others = data.members.filter(({ user }) => !approval.steps.some(({ approver }) => approver.id === user.id));
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    action.run({ query: DELEGATE, variables: { id: approval.id, to: new FormData(event.currentTarget).get('to') }, done: 'Handed on.' });
  };
  return (
    <form className="form" onSubmit={submit}>
      <label>Hand on to<select name="to" required autoFocus>{others.map(({ user }) => <option key={user.id} value={user.id}>{user.displayName}</option>)}</select></label>
      {action.error && <Failure error={action.error} />}
      <p className="actions">
        <button type="submit" className="button button-main" disabled={action.isPending || others.length === 0}>Delegate</button>
        <button type="button" className="link" onClick={onEnd}>Cancel</button>
      </p>
    </form>
  );
}

function Answer({ approval, onDelegate }: { approval: MyApproval; onDelegate: () => void }): ReactNode {
  const [comment, setComment] = useState('');
  const { run, isPending, error } = useAction();
  const variables = { id: approval.id, hash: approval.termsHash, comment: comment.trim() || null };
  return (
    <div className="form">
      <label>Comment<textarea rows={2} maxLength={300} value={comment} onChange={(event) => setComment(event.target.value)} /></label>
      {error && <Failure error={error} />}
      <p className="actions">
        <button type="button" className="button button-main" disabled={isPending} onClick={() => run({ query: APPROVE, variables, done: 'Approved.' })}>Approve</button>
        <button type="button" className="button button-bad" disabled={isPending} onClick={() => run({ query: REJECT_OFFER, variables, done: 'Rejected.' })}>Reject</button>
        <button type="button" className="button" disabled={isPending} onClick={onDelegate}>Delegate…</button>
      </p>
    </div>
  );
}

function Item({ approval }: { approval: MyApproval }): ReactNode {
  const [delegating, setDelegating] = useState(false);
  const { offer, requestedBy, createdAt, id } = approval;
  if (!offer) return null;
  const { application, terms } = offer;
  return (
    <article className="card" aria-labelledby={id}>
      <h2 id={id}>Offer to <Link to={`/applications/${application.id}`}>{application.candidate.person.displayName}</Link> for {application.jobOpening.title}</h2>
      <p className="quiet">{requestedBy.displayName} asked on {minute(createdAt)}</p>
      <div className="approval-body">
        <div><TermsList terms={terms} /></div>
        <div><ApprovalState approval={approval} /></div>
      </div>
      {delegating ? <Delegation approval={approval} onEnd={() => setDelegating(false)} /> : <Answer approval={approval} onDelegate={() => setDelegating(true)} />}
    </article>
  );
}

/** What waits for the viewer's yes or no. */
export default function Approvals(): ReactNode {
  useTitle('Approvals');
  const { data, error, refetch } = useQuery({ queryKey: ['my-approvals'], queryFn: () => graphql<{ myApprovals: readonly MyApproval[] }>(MY_APPROVALS), refetchInterval: POLL_MS });
  return (
    <>
      <h1>Approvals</h1>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {!error && !data && <Loading rows={3} />}
      {data?.myApprovals.length === 0 && <Empty title="Nothing waits for you"><p>You will get a mail when somebody asks for your approval.</p></Empty>}
      {data?.myApprovals.map((approval) => <Item key={approval.id} approval={approval} />)}
    </>
  );
}
