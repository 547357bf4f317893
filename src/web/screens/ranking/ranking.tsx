import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link, useParams } from 'react-router';
import { graphql } from '../../api/client.js';
import { RANKED_JOB, type RankedJob } from '../../api/ranking.js';
import { Advice } from '../../components/advice.js';
import { Empty, Failure, Loading } from '../../components/notice.js';
import { useTitle } from '../../components/use-title.js';
import { RankingBar } from './ranking-bar.js';
import { RankingList } from './ranking-list.js';
import { Requirements } from './requirements.js';

const BUSY_POLL_MS = 700;
const QUIET_POLL_MS = 15_000;

/** All candidates for one job, the best match first, and why. */
export default function Ranking(): ReactNode {
  const { id = '' } = useParams();
  const { data, error, refetch } = useQuery({
    queryKey: ['ranked-job', id],
    queryFn: () => graphql<{ jobOpening: RankedJob | null }>(RANKED_JOB, { id }),
    refetchInterval: ({ state }) => (state.data?.jobOpening?.rankingState?.isRunning ? BUSY_POLL_MS : QUIET_POLL_MS),
  });
  const job = data?.jobOpening;
  useTitle(job ? `Ranking for ${job.title}` : undefined);
  if (error) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading rows={5} />;
  if (!job) return <Empty title="This job was not found"><p><Link to="/jobs">All jobs</Link></p></Empty>;
  return (
    <>
      <p><Link to={`/jobs/${id}/board`}>{job.title}</Link></p>
      <div className="title-row"><h1>Ranking</h1></div>
      <Advice />
      <RankingBar job={job} />
      <Requirements key={job.version} job={job} />
      {job.rankingState?.rankedAt && <RankingList job={job} rankedAt={job.rankingState.rankedAt} />}
    </>
  );
}
