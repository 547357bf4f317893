import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link, useParams } from 'react-router';
import { graphql } from '../../api/client.js';
import { BACKGROUND_JOB, type JobDetail } from '../../api/background-jobs.js';
import type { JobState } from '../../api/operations.js';
import { StateBadge } from '../../components/analysis-state.js';
import { jobName, number } from '../../components/format.js';
import { Empty, Failure, Loading } from '../../components/notice.js';
import { useTitle } from '../../components/use-title.js';
import { JobActions } from './job-actions.js';
import { JobFacts } from './job-facts.js';
import { Attempts, Children, Json, Logs, Steps } from './job-history.js';
import { Timeline } from './timeline.js';

const POLL_MS: Readonly<Partial<Record<JobState, number>>> = { queued: 1_500, running: 1_500, waiting: 5_000, paused: 5_000 };

function Section({ title, children }: { title: string; children: ReactNode }): ReactNode {
  return <section className="card" aria-label={title}><h2>{title}</h2>{children}</section>;
}

function Progress({ job }: { job: JobDetail }): ReactNode {
  const { done, total, failed } = (job.counters ?? {}) as { done?: number; total?: number; failed?: number };
  const counted = typeof done === 'number' && typeof total === 'number' ? `${number(done)} / ${number(total)}${failed ? `, ${number(failed)} failed` : ''}` : null;
  if (job.state !== 'running' && counted === null && job.progressMessage === null) return null;
  return (
    <div className="job-progress">
      {job.state === 'running' && <progress max={100} value={job.progressPercent} aria-label="Progress of the job" />}
      <p className="quiet">{[counted, job.progressMessage].filter(Boolean).join(' · ')}</p>
    </div>
  );
}

function Detail({ job, at }: { job: JobDetail; at: number }): ReactNode {
  const reason = job.state === 'discarded' ? job.discardReason : null;
  return (
    <>
      <p className="crumb"><Link to="/background-jobs">All background jobs</Link></p>
      <div className="title-row">
        <h1>{jobName(job.type)} <StateBadge state={job.state} percent={job.progressPercent} /></h1>
        <JobActions job={job} />
      </div>
      {job.errorMessage && <div className="notice notice-bad"><p>{job.errorMessage} {job.errorCode && <code>{job.errorCode}</code>}</p></div>}
      {reason && <p>Put away: {reason}</p>}
      <Progress job={job} />
      <Timeline entries={job.timeline} at={at} />
      <div className="candidate-body">
        <div>
          {job.attemptLog.length > 0 && <Section title="Attempts"><Attempts attempts={job.attemptLog} /></Section>}
          {job.steps.length > 0 && <Section title="Steps"><Steps job={job} /></Section>}
          <Section title="Log">{job.logs.nodes.length > 0 ? <Logs logs={job.logs} /> : <p className="quiet">No attempt has written anything.</p>}</Section>
        </div>
        <div>
          <Section title="Facts"><JobFacts job={job} /></Section>
          {job.children.totalCount > 0 && <Section title="Jobs that it waits for"><Children>{job.children}</Children></Section>}
          <Section title="Payload">{job.payload === null ? <p className="quiet">Owners and admins see what the job was given.</p> : <Json label="The payload" value={job.payload} />}</Section>
          {job.result !== null && <Section title="Result"><Json label="The result" value={job.result} /></Section>}
        </div>
      </div>
    </>
  );
}

/** One background job: how it stands, what may be done, and all that happened to it; kept up to date while it moves. */
export default function BackgroundJob(): ReactNode {
  const { id } = useParams();
  const { data, error, refetch, dataUpdatedAt } = useQuery({
    queryKey: ['background-jobs', 'one', id], queryFn: () => graphql<{ backgroundJob: JobDetail | null }>(BACKGROUND_JOB, { id }),
    refetchInterval: ({ state }) => POLL_MS[state.data?.backgroundJob?.state ?? 'done'] ?? false,
  });
  useTitle(data?.backgroundJob ? jobName(data.backgroundJob.type) : 'Background job');
  if (!data) {
    return (
      <>
        <h1>Background job</h1>
        {error ? <Failure error={error} onRetry={() => void refetch()} /> : <Loading rows={6} />}
      </>
    );
  }
  if (!data.backgroundJob) return <Empty title="There is no such job"><p>It may have been cleaned up after it had ended. <Link to="/background-jobs">All background jobs</Link></p></Empty>;
  return <Detail job={data.backgroundJob} at={dataUpdatedAt} />;
}
