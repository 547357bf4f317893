import { useMutation, useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { graphql } from '../../api/client.js';
import { BULK, MATCHES, type BulkAction } from '../../api/background-jobs.js';
import type { JobState } from '../../api/operations.js';
import { Confirmation } from '../../components/confirmation.js';
import { number } from '../../components/format.js';
import { useMay } from '../../components/shell.js';
import { useToast } from '../../components/toast.js';
import { BulkProgress } from './bulk-progress.js';
import type { JobFilterState } from './use-job-filter.js';

const LIVE: readonly JobState[] = ['queued', 'running', 'waiting', 'paused'];
const ACTIONS: readonly { readonly action: BulkAction; readonly verb: string; readonly states: readonly JobState[]; readonly permission: string; readonly text: string }[] = [
  { action: 'retry', verb: 'Retry', states: ['dead', 'cancelled', 'discarded'], permission: 'background-jobs.retry', text: 'Each runs again from where it stopped, with fresh attempts.' },
  { action: 'discard', verb: 'Put away', states: ['dead'], permission: 'background-jobs.change', text: 'They no longer ask for attention. They can be retried later.' },
  { action: 'cancel', verb: 'Cancel', states: LIVE, permission: 'background-jobs.change', text: 'What runs is stopped and its work since the last commit is taken back.' },
];

const jobs = (count: number): string => (count === 1 ? '1 job' : `${number(count)} jobs`);

/** What can be done to all jobs that the filter finds, on every page of the list. */
export function BulkBar({ filter }: { filter: JobFilterState }): ReactNode {
  const may = useMay();
  const tell = useToast();
  const [asking, setAsking] = useState<(typeof ACTIONS)[number] | null>(null);
  const [running, setRunning] = useState<string | null>(null);
  const offered = ACTIONS.filter(({ states, permission }) => filter.state !== null && states.includes(filter.state) && may(permission));
  const first = offered[0];
  const { data } = useQuery({
    queryKey: ['background-jobs', 'matches', first?.action, filter.filter], enabled: first !== undefined,
    queryFn: () => graphql<{ backgroundJobMatches: number }>(MATCHES, { action: first!.action, filter: filter.filter }), refetchInterval: 10_000,
  });
  const begin = useMutation({
    mutationFn: ({ action, reason }: { action: BulkAction; reason: string }) => graphql<{ job: { id: string } }>(BULK[action], { filter: filter.filter, ...(action === 'discard' ? { reason } : {}) }),
    onSuccess: ({ job }) => setRunning(job.id),
    onError: (error) => tell(error.message),
    onSettled: () => setAsking(null),
  });
  const count = data?.backgroundJobMatches ?? 0;
  if (running !== null) return <BulkProgress id={running} onClose={() => setRunning(null)} />;
  if (!first || count === 0) return null;
  return (
    <div className="bulk">
      <span>{jobs(count)} {count === 1 ? 'fits' : 'fit'} the filter.</span>
      {offered.map((offer) => <button key={offer.action} type="button" className="button" onClick={() => setAsking(offer)}>{offer.verb} all {number(count)}…</button>)}
      {asking && (
        <Confirmation title={`${asking.verb} ${jobs(count)}?`} action={`${asking.verb} ${jobs(count)}`} bad={asking.action !== 'retry'} pending={begin.isPending} onClose={() => setAsking(null)}
          onConfirm={(values) => begin.mutate({ action: asking.action, reason: String(values.get('reason') ?? '') })}>
          <p>{asking.text}</p>
          {asking.action === 'discard' && <label>Reason<input name="reason" required maxLength={500} autoFocus /></label>}
        </Confirmation>
      )}
    </div>
  );
}
