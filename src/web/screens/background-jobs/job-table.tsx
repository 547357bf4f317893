import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { graphql } from '../../api/client.js';
import type { JobLine } from '../../api/background-jobs.js';
import { RETRY } from '../../api/operations.js';
import { StateBadge } from '../../components/analysis-state.js';
import { jobName, minute } from '../../components/format.js';
import { useMay } from '../../components/shell.js';
import { useToast } from '../../components/toast.js';

function whatHappened({ state, discardReason, errorMessage, progressMessage, runAt }: JobLine): string {
  if (state === 'discarded' && discardReason) return discardReason;
  if (errorMessage ?? progressMessage) return (errorMessage ?? progressMessage)!;
  return state === 'queued' && new Date(runAt).getTime() > Date.now() ? `Starts ${minute(runAt)}` : '';
}

function Line({ job, mayRetry }: { job: JobLine; mayRetry: boolean }): ReactNode {
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
  const text = whatHappened(job);
  return (
    <tr>
      <th scope="row" className="job-name"><Link to={`/background-jobs/${job.id}`}>{jobName(job.type)}</Link></th>
      <td><StateBadge state={job.state} percent={job.progressPercent} /></td>
      <td className="what"><span title={text}>{text}</span></td>
      <td className="number">{job.attempts} of {job.maxAttempts}</td>
      <td className="number">{minute(job.createdAt)}</td>
      <td className="row-action">{job.state === 'dead' && mayRetry && <button type="button" className="button button-small" disabled={retry.isPending} onClick={() => retry.mutate()}>Retry</button>}</td>
    </tr>
  );
}

/** One line a job. */
export function JobTable({ jobs }: { jobs: readonly JobLine[] }): ReactNode {
  const may = useMay();
  return (
    <div className="table-scroll" role="region" aria-label="Background jobs" tabIndex={0}>
      <table>
        <thead><tr><th scope="col">Job</th><th scope="col">State</th><th scope="col">What happened</th><th scope="col" className="number">Attempts</th><th scope="col" className="number">Created</th><th scope="col"><span className="visually-hidden">Actions</span></th></tr></thead>
        <tbody>{jobs.map((job) => <Line key={job.id} job={job} mayRetry={may('background-jobs.retry')} />)}</tbody>
      </table>
    </div>
  );
}
