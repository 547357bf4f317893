import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link, useSearchParams } from 'react-router';
import { graphql } from '../api/client.js';
import { BACKGROUND_JOBS, RETRY, type JobLine, type JobsData, type JobState } from '../api/operations.js';
import { StateBadge } from '../components/analysis-state.js';
import { jobName, minute } from '../components/format.js';
import { Empty, Failure, Loading } from '../components/notice.js';
import { useToast } from '../components/toast.js';
import { useTitle } from '../components/use-title.js';

const POLL_MS = 3_000;
const STATES: readonly (readonly [JobState, string])[] = [['queued', 'Queued'], ['running', 'Running'], ['done', 'Done'], ['dead', 'Failed'], ['cancelled', 'Cancelled']];

function Line({ job }: { job: JobLine }): ReactNode {
  const queryClient = useQueryClient();
  const tell = useToast();
  const retry = useMutation({
    mutationFn: () => graphql(RETRY, { id: job.id }),
    onSuccess: () => {
      tell('The job is queued again.');
      return queryClient.invalidateQueries({ queryKey: ['background-jobs'] });
    },
    onError: (error) => tell(error.message),
  });
  return (
    <tr>
      <th scope="row">{job.subjectType === 'application' ? <Link to={`/applications/${job.subjectId}`}>{jobName(job.type)}</Link> : jobName(job.type)}</th>
      <td><StateBadge state={job.state} percent={job.progressPercent} /></td>
      <td>{job.errorMessage ?? job.progressMessage ?? ''}</td>
      <td className="number">{job.attempts} of {job.maxAttempts}</td>
      <td className="number">{minute(job.createdAt)}</td>
      <td>{job.state === 'dead' && <button type="button" className="button" disabled={retry.isPending} onClick={() => retry.mutate()}>Retry</button>}</td>
    </tr>
  );
}

function Filter({ data, state }: { data: JobsData; state: string | null }): ReactNode {
  const count = (wanted: JobState): number => data.backgroundJobCounts.find((entry) => entry.state === wanted)?.count ?? 0;
  return (
    <nav className="tabs" aria-label="State">
      <Link to="/background-jobs" aria-current={state === null ? 'page' : undefined}>All</Link>
      {STATES.map(([value, label]) => (
        <Link key={value} to={`/background-jobs?state=${value}`} aria-current={state === value ? 'page' : undefined}>{label} <span className="count">{count(value)}</span></Link>
      ))}
    </nav>
  );
}

/** What Perch does in the background: one line a job, newest first, kept up to date. */
export default function BackgroundJobs(): ReactNode {
  useTitle('Background jobs');
  const [parameters, setParameters] = useSearchParams();
  const [state, after] = [parameters.get('state'), parameters.get('after')];
  const { data, error, refetch } = useQuery({
    queryKey: ['background-jobs', state, after], placeholderData: keepPreviousData, refetchInterval: POLL_MS,
    queryFn: () => graphql<JobsData>(BACKGROUND_JOBS, { state, after }),
  });
  const page = data?.backgroundJobs;
  const next = page?.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  return (
    <>
      <h1>Background jobs</h1>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {!error && !data && <Loading rows={6} />}
      {data && <Filter data={data} state={state} />}
      {page?.nodes.length === 0 && <Empty title="Nothing here"><p>{state === 'dead' ? 'No job has failed.' : 'There are no jobs in this state.'}</p></Empty>}
      {page && page.nodes.length > 0 && (
        <div className="table-scroll">
          <table>
            <thead><tr><th scope="col">Job</th><th scope="col">State</th><th scope="col">What happened</th><th scope="col" className="number">Attempts</th><th scope="col" className="number">Created</th><th scope="col"><span className="visually-hidden">Actions</span></th></tr></thead>
            <tbody>{page.nodes.map((job) => <Line key={job.id} job={job} />)}</tbody>
          </table>
        </div>
      )}
      {next && <button type="button" className="button" onClick={() => setParameters({ ...(state ? { state } : {}), after: next })}>Older</button>}
    </>
  );
}
