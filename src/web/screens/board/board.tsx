import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link, useParams, useSearchParams } from 'react-router';
import { graphql } from '../../api/client.js';
import { BOARD_JOB, type BoardJob, type Viewer } from '../../api/operations.js';
import { Empty, Failure, Loading } from '../../components/notice.js';
import { useTitle } from '../../components/use-title.js';
import { Column } from './column.js';
import type { CardSort } from './use-cards.js';
import { useMove } from './use-move.js';

function Columns({ job, sort }: { job: BoardJob; sort: CardSort }): ReactNode {
  const mover = useMove(job, sort);
  return (
    <>
      <p className="quiet">Drag a card, or focus it and press <kbd>[</kbd> or <kbd>]</kbd> to move it one stage.</p>
      <div className="board" tabIndex={0} role="region" aria-label="Pipeline">
        {job.pipeline.stages.map((stage) => <Column key={stage.id} job={job} stage={stage} sort={sort} mover={mover} />)}
      </div>
    </>
  );
}

/** The pipeline of one job: a column a stage, a card an application. */
export default function Board(): ReactNode {
  const { id = '' } = useParams();
  const [parameters, setParameters] = useSearchParams();
  const sort: CardSort = parameters.get('sort') === 'score' ? 'SCORE' : 'NEWEST';
  const slug = useQueryClient().getQueryData<{ viewer: Viewer }>(['viewer'])?.viewer.workspace.slug;
  const { data, error, refetch } = useQuery({ queryKey: ['board-job', id], queryFn: () => graphql<{ jobOpening: BoardJob | null }>(BOARD_JOB, { id }) });
  const job = data?.jobOpening;
  useTitle(job?.title);
  if (error) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading rows={4} />;
  if (!job) return <Empty title="This job was not found"><p><Link to="/jobs">All jobs</Link></p></Empty>;
  return (
    <>
      <p><Link to="/jobs">All jobs</Link></p>
      <div className="title-row">
        <h1>{job.title}</h1>
        <Link to={`/jobs/${job.id}/ranking`}>Ranking</Link>
        {job.posting && !job.posting.withdrawnAt && slug && <Link to={`/careers/${slug}/${job.posting.slug}`}>Public page</Link>}
        <label className="sort">Order<select value={sort} onChange={(event) => setParameters(event.target.value === 'SCORE' ? { sort: 'score' } : {}, { replace: true })}>
          <option value="NEWEST">Newest first</option>
          <option value="SCORE">Best score first</option>
        </select></label>
      </div>
      <Columns job={job} sort={sort} />
    </>
  );
}
