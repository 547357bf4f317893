import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { graphql } from '../../api/client.js';
import { BACKGROUND_JOBS, HEALTH, type HealthData, type JobsData } from '../../api/background-jobs.js';
import { Empty, Failure, Loading } from '../../components/notice.js';
import { useTitle } from '../../components/use-title.js';
import { BulkBar } from './bulk-bar.js';
import { Filters, StateTabs } from './filters.js';
import { HealthStrip } from './health-strip.js';
import { JobTable } from './job-table.js';
import { useJobFilter, type JobFilterState } from './use-job-filter.js';

const POLL_MS = 3_000;
/** Counting everything costs more than reading a page. */
const HEALTH_POLL_MS = 15_000;

function Nothing({ filter }: { filter: JobFilterState }): ReactNode {
  if (filter.isNarrow) return <Empty title="No job fits the filter"><p><Link to={filter.address({ q: '', type: '', hours: '' })}>Show all of this state</Link></p></Empty>;
  if (filter.state === 'dead') return <Empty title="All is well"><p>No job has failed.</p></Empty>;
  return <Empty title="Nothing here"><p>{filter.state === null ? 'Perch has not had to do anything in the background yet.' : 'There are no jobs in this state.'}</p></Empty>;
}

/** What Perch does in the background: how it stands, and one line a job, newest first, kept up to date. */
export default function BackgroundJobs(): ReactNode {
  useTitle('Background jobs');
  const filter = useJobFilter();
  const { data, error, refetch } = useQuery({
    queryKey: ['background-jobs', 'list', filter.filter, filter.after], placeholderData: keepPreviousData,
    // A list that could not be read at all waits for the person who reads why.
    refetchInterval: ({ state }) => (state.data === undefined ? false : POLL_MS),
    queryFn: () => graphql<JobsData>(BACKGROUND_JOBS, { filter: filter.filter, after: filter.after }),
  });
  const health = useQuery({ queryKey: ['background-jobs', 'health'], queryFn: () => graphql<HealthData>(HEALTH), refetchInterval: HEALTH_POLL_MS });
  const page = data?.backgroundJobs;
  const next = page?.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  return (
    <>
      <div className="title-row">
        <h1>Background jobs</h1>
        <Link to="/schedules">Schedules</Link>
        <Filters filter={filter} types={health.data?.backgroundJobStatistics.map(({ type }) => type) ?? []} />
      </div>
      {error && <Failure error={error} onRetry={() => void Promise.all([refetch(), health.refetch()])} />}
      {health.data && <HealthStrip data={health.data} />}
      {!error && !data && <Loading rows={6} />}
      {health.data && <StateTabs counts={health.data.backgroundJobCounts} filter={filter} />}
      {data && <BulkBar filter={filter} />}
      {page?.nodes.length === 0 && <Nothing filter={filter} />}
      {page && page.nodes.length > 0 && <JobTable jobs={page.nodes} />}
      <div className="actions">
        {filter.after !== null && <Link className="button" to={filter.address({})}>Newest</Link>}
        {next && <Link className="button" to={`${filter.address({})}&after=${next}`}>Older</Link>}
      </div>
    </>
  );
}
