import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useDeferredValue, type ReactNode } from 'react';
import { Link, useSearchParams } from 'react-router';
import { graphql } from '../api/client.js';
import { JOBS, PUBLISH, type JobRow, type Page } from '../api/operations.js';
import { day, words } from '../components/format.js';
import { Empty, Failure, Loading } from '../components/notice.js';
import { useToast } from '../components/toast.js';
import { useTitle } from '../components/use-title.js';

const isPublic = ({ posting }: JobRow): boolean => Boolean(posting?.publishedAt && !posting.withdrawnAt);

function JobLine({ job }: { job: JobRow }): ReactNode {
  const queryClient = useQueryClient();
  const tell = useToast();
  const publish = useMutation({
    mutationFn: () => graphql(PUBLISH, { id: job.id }),
    onSuccess: () => {
      tell(`${job.title} is on the careers page.`);
      return queryClient.invalidateQueries({ queryKey: ['jobs'] });
    },
    onError: (error) => tell(error.message),
  });
  return (
    <tr>
      <th scope="row"><Link to={`/jobs/${job.id}/board`}>{job.title}</Link></th>
      <td>{[job.company?.name, job.department, job.location].filter(Boolean).join(' · ') || '–'}</td>
      <td>{words(job.status)}</td>
      <td>{isPublic(job) ? 'Published' : <button type="button" className="button" disabled={publish.isPending} onClick={() => publish.mutate()}>Publish</button>}</td>
      <td className="number">{day(job.createdAt)}</td>
    </tr>
  );
}

function JobTable({ jobs }: { jobs: readonly JobRow[] }): ReactNode {
  return (
    <div className="table-scroll">
      <table>
        <thead><tr><th scope="col">Job</th><th scope="col">Where</th><th scope="col">Status</th><th scope="col">Careers page</th><th scope="col" className="number">Created</th></tr></thead>
        <tbody>{jobs.map((job) => <JobLine key={job.id} job={job} />)}</tbody>
      </table>
    </div>
  );
}

/** All job openings, newest first; the search is in the address. */
export default function Jobs(): ReactNode {
  useTitle('Jobs');
  const [parameters, setParameters] = useSearchParams();
  const text = useDeferredValue(parameters.get('q') ?? '');
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['jobs', text],
    queryFn: ({ pageParam }) => graphql<{ jobOpenings: Page<JobRow> }>(JOBS, { after: pageParam, text: text || null }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ jobOpenings }) => (jobOpenings.pageInfo.hasNextPage ? jobOpenings.pageInfo.endCursor : null),
  });
  const jobs = data?.pages.flatMap((page) => page.jobOpenings.nodes);
  return (
    <>
      <div className="title-row">
        <h1>Jobs{data && <span className="count">{data.pages[0]!.jobOpenings.totalCount}</span>}</h1>
        <input type="search" className="search" aria-label="Search jobs" placeholder="Search jobs" value={parameters.get('q') ?? ''}
          onChange={(event) => setParameters(event.target.value ? { q: event.target.value } : {}, { replace: true })} />
        <Link className="button button-main" to="/jobs/new">New job</Link>
      </div>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {!error && !jobs && <Loading rows={6} />}
      {jobs?.length === 0 && (text
        ? <Empty title={`No job matches “${text}”`}><p>Try fewer words.</p></Empty>
        : <Empty title="No jobs yet"><p>Open the first one: it gets a pipeline, and a public page when you publish it.</p></Empty>)}
      {jobs && jobs.length > 0 && <JobTable jobs={jobs} />}
      {hasNextPage && <button type="button" className="button" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>Show more</button>}
    </>
  );
}
