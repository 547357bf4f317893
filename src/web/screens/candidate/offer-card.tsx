import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { graphql } from '../../api/client.js';
import { CREATE_OFFER, EDIT_OFFER, OFFERS, WITHDRAW_OFFER, type Offer, type OffersData } from '../../api/offers.js';
import { ApprovalState } from '../../components/approval-state.js';
import { words } from '../../components/format.js';
import { Failure, Loading } from '../../components/notice.js';
import { TermsList } from '../../components/terms.js';
import { useAction } from '../../components/use-action.js';
import { useMay } from '../../components/use-viewer.js';
import { ApprovalForm } from './approval-form.js';
import { OfferForm } from './offer-form.js';

const WAITING_POLL_MS = 3_000;
const QUIET_POLL_MS = 15_000;
const COLOURS: Readonly<Record<string, string>> = { pending_approval: 'badge-queued', approved: 'badge-done', accepted: 'badge-done', declined: 'badge-dead' };
const CHANGEABLE = ['draft', 'pending_approval', 'approved'];

type Mode = 'shown' | 'edited' | 'given to approvers' | 'taken back';

function OpenOffer({ offer, mayWrite }: { offer: Offer; mayWrite: boolean }): ReactNode {
  const [mode, setMode] = useState<Mode>('shown');
  const show = (): void => setMode('shown');
  const edit = useAction(show);
  const withdraw = useAction(show);
  const save = (terms: object): void => edit.run({ query: EDIT_OFFER, variables: { id: offer.id, version: offer.version, terms }, done: 'The terms are saved.' });
  if (mode === 'edited') {
    return (
      <>
        {offer.approval && offer.status !== 'draft' && <p className="notice notice-wait">New terms must be approved again: the approval of the old ones ends when you save.</p>}
        <OfferForm terms={offer.terms} action="Save terms" isPending={edit.isPending} error={edit.error} onSave={save} onCancel={show} />
      </>
    );
  }
  return (
    <>
      <TermsList terms={offer.terms} />
      {offer.approval && <ApprovalState approval={offer.approval} />}
      {mode === 'given to approvers' && <ApprovalForm offerId={offer.id} onEnd={show} />}
      {withdraw.error && <Failure error={withdraw.error} />}
      {mode === 'shown' && mayWrite && CHANGEABLE.includes(offer.status) && (
        <p className="actions">
          {offer.status === 'draft' && <button type="button" className="button button-main" onClick={() => setMode('given to approvers')}>Request approval…</button>}
          <button type="button" className="button" onClick={() => setMode('edited')}>Edit terms…</button>
          <button type="button" className="button" onClick={() => setMode('taken back')}>Withdraw…</button>
        </p>
      )}
      {mode === 'taken back' && (
        <p className="actions">
          <button type="button" className="button button-bad" autoFocus disabled={withdraw.isPending} onClick={() => withdraw.run({ query: WITHDRAW_OFFER, variables: { id: offer.id }, done: 'The offer is withdrawn.' })}>Withdraw the offer</button>
          <button type="button" className="link" onClick={show}>Keep it</button>
        </p>
      )}
    </>
  );
}

function NewOffer({ application }: { application: string }): ReactNode {
  const [writing, setWriting] = useState(false);
  const { run, isPending, error } = useAction(() => setWriting(false));
  if (!writing) return <button type="button" className="button" onClick={() => setWriting(true)}>Create offer…</button>;
  const save = (terms: object): void => run({ query: CREATE_OFFER, variables: { id: application, terms }, done: 'The offer is a draft.' });
  return <OfferForm terms={null} action="Create offer" isPending={isPending} error={error} onSave={save} onCancel={() => setWriting(false)} />;
}

/** What the candidate is offered, and how its approval stands. */
export function OfferCard({ application, isActive }: { application: string; isActive: boolean }): ReactNode {
  const [mayRead, mayWrite] = [useMay('offers.read'), useMay('offers.write')];
  const { data, error, refetch } = useQuery({
    queryKey: ['offers', application], queryFn: () => graphql<OffersData>(OFFERS, { id: application }), enabled: mayRead,
    refetchInterval: ({ state }) => (state.data?.offers.nodes[0]?.status === 'pending_approval' ? WAITING_POLL_MS : QUIET_POLL_MS),
  });
  if (!mayRead) return null;
  const offer = data?.offers.nodes[0];
  const isOver = !offer || ['withdrawn', 'expired', 'declined', 'accepted'].includes(offer.status);
  return (
    <section className="card" aria-labelledby="offer-title">
      <h2 id="offer-title">Offer {offer && <span className={`badge ${COLOURS[offer.status] ?? ''}`}>{words(offer.status)}</span>}</h2>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {!error && !data && <Loading rows={1} />}
      {data && !offer && <p className="quiet">There is no offer yet.</p>}
      {offer && <OpenOffer key={offer.id} offer={offer} mayWrite={mayWrite} />}
      {data && isOver && mayWrite && isActive && <NewOffer application={application} />}
    </section>
  );
}
