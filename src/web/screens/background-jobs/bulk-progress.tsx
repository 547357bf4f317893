import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, type ReactNode } from 'react';
import { Link } from 'react-router';
import { graphql } from '../../api/client.js';
import { BULK_PROGRESS, CHANGES, type BulkProgress as Progress } from '../../api/background-jobs.js';
import type { JobState } from '../../api/operations.js';
import { number } from '../../components/format.js';
import { useToast } from '../../components/toast.js';

const POLL_MS = 1_000;
const ENDED: readonly JobState[] = ['done', 'dead', 'cancelled', 'discarded'];

function summary({ state, counters, errorMessage }: NonNullable<Progress['backgroundJob']>): string {
  const { done = 0, failed = 0, total = 0 } = counters ?? {};
  const changed = `${number(done - failed)} changed${failed > 0 ? `, ${number(failed)} could not be` : ''}`;
  if (state === 'done') return `Finished: ${changed}.`;
  if (state === 'cancelled') return `Stopped: ${changed}.`;
  if (state === 'dead') return `Failed: ${errorMessage ?? 'unknown'}`;
  return total === 0 ? 'Beginning…' : `${number(done)} / ${number(total)}`;
}

/** How far a change of many jobs has come. */
export function BulkProgress({ id, onClose }: { id: string; onClose: () => void }): ReactNode {
  const queryClient = useQueryClient();
  const tell = useToast();
  const { data } = useQuery({
    queryKey: ['bulk', id], queryFn: () => graphql<Progress>(BULK_PROGRESS, { id }),
    refetchInterval: ({ state }) => (ENDED.includes(state.data?.backgroundJob?.state ?? 'queued') ? false : POLL_MS),
  });
  const stop = useMutation({ mutationFn: () => graphql(CHANGES.cancel, { id }), onError: (error) => tell(error.message), onSettled: () => queryClient.invalidateQueries({ queryKey: ['bulk', id] }) });
  const job = data?.backgroundJob;
  const ended = job !== null && job !== undefined && ENDED.includes(job.state);
  useEffect(() => {
    if (ended) void queryClient.invalidateQueries({ queryKey: ['background-jobs'] });
  }, [ended, queryClient]);
  return (
    <div className="bulk" role="status">
      <span>{job ? summary(job) : 'Beginning…'}</span>
      {!ended && <progress max={100} value={job?.progressPercent ?? 0} aria-label="Progress of the change" />}
      <Link to={`/background-jobs/${id}`}>Details</Link>
      {ended ? <button type="button" className="link" onClick={onClose}>Close</button> : <button type="button" className="button" disabled={stop.isPending} onClick={() => stop.mutate()}>Stop</button>}
    </div>
  );
}
