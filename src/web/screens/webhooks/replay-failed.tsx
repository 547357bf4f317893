import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, type ReactNode } from 'react';
import { graphql } from '../../api/client.js';
import type { JobState } from '../../api/operations.js';
import { REPLAY_FAILED, REPLAY_PROGRESS, type ReplayProgress } from '../../api/webhooks.js';
import { Confirmation } from '../../components/confirmation.js';
import { number } from '../../components/format.js';
import { Failure } from '../../components/notice.js';

const POLL_MS = 1_000;
const ENDED: readonly JobState[] = ['done', 'dead', 'cancelled', 'discarded'];
const SPANS = [[1, 'the last hour'], [24, 'the last day'], [168, 'the last seven days'], [720, 'the last 30 days']] as const;
const HOUR_MS = 3_600_000;

function summary({ state, counters, progressMessage, errorMessage }: NonNullable<ReplayProgress['backgroundJob']>): string {
  const done = counters?.done ?? 0;
  if (state === 'done') return done === 0 ? 'Nothing had failed in this time.' : `${done === 1 ? '1 delivery is' : `${number(done)} deliveries are`} on their way again.`;
  return ENDED.includes(state) ? `Stopped: ${errorMessage ?? 'somebody cancelled it'}.` : progressMessage ?? 'Beginning…';
}

function Progress({ id, onClose }: { id: string; onClose: () => void }): ReactNode {
  const queryClient = useQueryClient();
  const { data } = useQuery({
    queryKey: ['replay', id], queryFn: () => graphql<ReplayProgress>(REPLAY_PROGRESS, { id }),
    refetchInterval: ({ state }) => (ENDED.includes(state.data?.backgroundJob?.state ?? 'queued') ? false : POLL_MS),
  });
  const job = data?.backgroundJob;
  const ended = job !== null && job !== undefined && ENDED.includes(job.state);
  useEffect(() => {
    if (ended) void queryClient.invalidateQueries({ queryKey: ['webhooks'] });
  }, [ended, queryClient]);
  return (
    <div className="bulk" role="status">
      <span>{job ? summary(job) : 'Beginning…'}</span>
      {ended ? <button type="button" className="link" onClick={onClose}>Close</button> : <progress max={100} value={job?.progressPercent ?? 0} aria-label="Progress of sending again" />}
    </div>
  );
}

/** Sends again what has failed in a time, and tells how far that is. */
export function ReplayFailed({ webhookId }: { webhookId: string }): ReactNode {
  const [asking, setAsking] = useState(false);
  const [job, setJob] = useState<string | null>(null);
  const { mutate, error, isPending } = useMutation({
    mutationFn: (hours: number) => graphql<{ replayFailedDeliveries: { id: string } }>(REPLAY_FAILED, { id: webhookId, since: new Date(Date.now() - hours * HOUR_MS).toISOString() }),
    onSuccess: ({ replayFailedDeliveries }) => {
      setAsking(false);
      setJob(replayFailedDeliveries.id);
    },
  });
  if (job !== null) return <Progress id={job} onClose={() => setJob(null)} />;
  return (
    <>
      <button type="button" className="button" onClick={() => setAsking(true)}>Send failed again…</button>
      {asking && (
        <Confirmation title="Send again what has failed?" action="Send again" pending={isPending} onClose={() => setAsking(false)} onConfirm={(values) => mutate(Number(values.get('hours')))}>
          <label>What was made in<select name="hours" defaultValue={24}>{SPANS.map(([hours, words]) => <option key={hours} value={hours}>{words}</option>)}</select></label>
          <p className="quiet">Each message keeps its id and its body, so that a receiver which has it already can tell.</p>
          {error && <Failure error={error} />}
        </Confirmation>
      )}
    </>
  );
}
