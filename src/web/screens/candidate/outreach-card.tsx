import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { graphql } from '../../api/client.js';
import { OUTREACH, RECORD_REPLY, STOP_OUTREACH, type Outreach, type OutreachData } from '../../api/offers.js';
import { minute, words } from '../../components/format.js';
import { Failure, Loading } from '../../components/notice.js';
import { useAction } from '../../components/use-action.js';
import { useMay } from '../../components/use-viewer.js';
import { OutreachForm } from './outreach-form.js';

const POLL_MS = 5_000;
const STATES: Readonly<Record<Outreach['status'], readonly [string, string]>> = {
  active: ['Waiting for an answer', 'badge-running'], replied: ['Answered', 'badge-done'], stopped: ['Stopped', ''], finished: ['No answer', ''],
};

function Current({ outreach, candidate, mayWrite }: { outreach: Outreach; candidate: string; mayWrite: boolean }): ReactNode {
  const { run, isPending, error } = useAction();
  const { id, status, subject, sent, messages, stopReason, createdAt } = outreach;
  return (
    <>
      <p><strong>{subject}</strong></p>
      <p className="quiet">{sent} of {messages.length} mails sent, started {minute(createdAt)}{stopReason && `. Reason: ${words(stopReason).toLowerCase()}`}</p>
      {error && <Failure error={error} />}
      {status === 'active' && mayWrite && (
        <p className="actions">
          <button type="button" className="button" disabled={isPending} onClick={() => run({ query: RECORD_REPLY, variables: { id: candidate }, done: 'Noted. No more reminders are sent.' })}>Candidate answered</button>
          <button type="button" className="button" disabled={isPending} onClick={() => run({ query: STOP_OUTREACH, variables: { id }, done: 'Stopped. Nothing more is sent.' })}>Stop</button>
        </p>
      )}
    </>
  );
}

/** What is mailed to the candidate until there is an answer. */
export function OutreachCard({ application, isActive }: { application: string; isActive: boolean }): ReactNode {
  const [mayRead, mayWrite] = [useMay('outreach.read'), useMay('outreach.write')];
  const [writing, setWriting] = useState(false);
  const { data, error, refetch } = useQuery({ queryKey: ['outreach', application], queryFn: () => graphql<OutreachData>(OUTREACH, { id: application }), enabled: mayRead, refetchInterval: POLL_MS });
  if (!mayRead) return null;
  const outreach = data?.application?.outreach[0];
  const [word, colour] = outreach ? STATES[outreach.status] : ['', ''];
  return (
    <section className="card" aria-labelledby="outreach-title">
      <h2 id="outreach-title">Outreach {outreach && <span className={`badge ${colour}`}>{word}</span>}</h2>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {!error && !data && <Loading rows={1} />}
      {data && !outreach && !writing && <p className="quiet">Nothing was sent yet.</p>}
      {outreach && !writing && <Current outreach={outreach} candidate={data.application!.candidate.id} mayWrite={mayWrite} />}
      {data && outreach?.status !== 'active' && mayWrite && isActive && !writing && <button type="button" className="button" onClick={() => setWriting(true)}>Write to the candidate…</button>}
      {writing && <OutreachForm application={application} onEnd={() => setWriting(false)} />}
    </section>
  );
}
