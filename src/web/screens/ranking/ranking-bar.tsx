import type { ReactNode } from 'react';
import { RANK, type RankedJob, type RankingState } from '../../api/ranking.js';
import { minute } from '../../components/format.js';
import { Empty, Failure } from '../../components/notice.js';
import { useAction } from '../../components/use-action.js';
import { useMay } from '../../components/use-viewer.js';

function Facts({ state }: { state: RankingState }): ReactNode {
  const { rankedAt, rubricVersion, candidateCount, withoutTextCount } = state;
  const candidates = candidateCount === 1 ? '1 candidate' : `${candidateCount} candidates`;
  return (
    <p>
      {rankedAt ? <>{candidates} ranked {minute(rankedAt)}, by version {rubricVersion} of what the job asks for.</> : 'Not ranked yet.'}
      {withoutTextCount > 0 && <> {withoutTextCount} {withoutTextCount === 1 ? 'resume has' : 'resumes have'} not been read and cannot be ranked.</>}
    </p>
  );
}

/** How the ranking stands, and the button that makes it anew. */
export function RankingBar({ job }: { job: RankedJob }): ReactNode {
  const { run, isPending, error } = useAction();
  const may = useMay('candidate-ranking.start');
  const { rankingState: state } = job;
  const start = may && !state?.isRunning && (
    <button type="button" className="button button-main" disabled={isPending} onClick={() => run({ query: RANK, variables: { id: job.id }, done: 'The candidates are being ranked.' })}>
      {state?.rankedAt ? 'Rank again' : 'Rank all candidates'}
    </button>
  );
  if (!state) return <Empty title="The candidates have not been ranked for this job"><p>{may ? 'Every candidate whose resume has been read is scored against what the job asks for.' : 'A recruiter can have them ranked.'}</p>{error && <Failure error={error} />}{start}</Empty>;
  return (
    <section className="card ranking-bar" aria-label="State of the ranking" aria-live="polite">
      <div>
        <Facts state={state} />
        {state.isStale && !state.isRunning && <p className="notice notice-wait">The job asks for something else by now. Rank again to see it here.</p>}
        {state.errorMessage && <p className="notice notice-bad">{state.errorMessage}</p>}
        {state.isRunning && <progress max={100} value={state.progressPercent} aria-label="Progress of the ranking" />}
        {state.isRunning && <p className="quiet">{state.progressMessage ?? 'Waiting for its turn'}</p>}
        {error && <Failure error={error} />}
      </div>
      {start}
    </section>
  );
}
