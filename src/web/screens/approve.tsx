import { useMutation, useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { graphql } from '../api/client.js';
import { DECIDE_BY_LINK, LINK, type LinkedOffer } from '../api/offers.js';
import { minute } from '../components/format.js';
import { Failure, Loading } from '../components/notice.js';
import { TermsList } from '../components/terms.js';
import { useTitle } from '../components/use-title.js';

/** The page behind a mailed link. Opening it decides nothing, because programs that check mails open links too. */
export default function Approve(): ReactNode {
  useTitle('Approve an offer');
  const [token] = useState(() => globalThis.location.hash.slice(1));
  const [comment, setComment] = useState('');
  const { data, error } = useQuery({ queryKey: ['approval-link'], queryFn: () => graphql<{ offerApprovalLink: LinkedOffer }>(LINK, { token }), staleTime: Infinity, retry: false, refetchOnWindowFocus: false });
  const decision = useMutation({ mutationFn: (approve: boolean) => graphql(DECIDE_BY_LINK, { token, approve, comment: comment.trim() || null }) });
  if (error) return <main className="public"><h1>Approve an offer</h1><Failure error={error} /></main>;
  if (!data) return <main className="public"><Loading /></main>;
  const offer = data.offerApprovalLink;
  if (decision.isSuccess) {
    return <main className="public"><h1>Thank you</h1><p>The offer to {offer.candidate} was {decision.variables ? 'approved' : 'rejected'} by you. You can close this page.</p></main>;
  }
  return (
    <main className="public">
      <h1>Offer to {offer.candidate} for {offer.jobTitle}</h1>
      <p>Hello {offer.approver}, {offer.requestedBy} asks for your approval until {minute(offer.dueAt)}.</p>
      <section className="card" aria-label="Terms"><TermsList terms={offer} /></section>
      <div className="form">
        <label>Comment<textarea rows={2} maxLength={300} value={comment} onChange={(event) => setComment(event.target.value)} /></label>
        {decision.error && <Failure error={decision.error} />}
        <p className="actions">
          <button type="button" className="button button-main" disabled={decision.isPending} onClick={() => decision.mutate(true)}>Approve</button>
          <button type="button" className="button button-bad" disabled={decision.isPending} onClick={() => decision.mutate(false)}>Reject</button>
        </p>
      </div>
    </main>
  );
}
