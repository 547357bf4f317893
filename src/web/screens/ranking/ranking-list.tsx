import { useInfiniteQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Link, useNavigate } from 'react-router';
import { graphql } from '../../api/client.js';
import type { ScorePart } from '../../api/operations.js';
import { RANKING, type Match, type RankedJob, type RankingData } from '../../api/ranking.js';
import { Flags } from '../../components/flags.js';
import { words } from '../../components/format.js';
import { Empty, Failure, Loading } from '../../components/notice.js';

export const MOST_COMPARED = 5;

const isMet = ({ points, maximum }: ScorePart): boolean => points >= maximum;

/** What the resume shows of what is asked for, and what it does not, in one line. */
export function reasonOf({ parts }: Pick<Match, 'parts'>): string {
  const asked = parts.filter(({ kind }) => kind !== 'title');
  const labels = (chosen: readonly ScorePart[]): string => chosen.map(({ label }) => label).join(', ');
  const [shown, missing] = [labels(asked.filter(isMet)), labels(asked.filter((part) => !isMet(part) && part.kind !== 'nice'))];
  return [shown && `Shows ${shown}`, missing && `${shown ? 'not' : 'Does not show'} ${missing}`].filter(Boolean).join('; ') || 'Shows nothing of what is asked for';
}

interface RowProps {
  readonly match: Match;
  readonly place: number;
  readonly chosen: readonly string[];
  readonly onChoose: (id: string, isChosen: boolean) => void;
}

function Row({ match, place, chosen, onChoose }: RowProps): ReactNode {
  const { candidate, application, score, flags } = match;
  const name = candidate.person.displayName;
  const isChosen = chosen.includes(candidate.id);
  return (
    <tr>
      <td><input type="checkbox" aria-label={`Compare ${name}`} checked={isChosen} disabled={!isChosen && chosen.length >= MOST_COMPARED} onChange={(event) => onChoose(candidate.id, event.target.checked)} /></td>
      <td className="number">{place}</td>
      <td><span className="score">{Math.round(score)}</span></td>
      <th scope="row">{application ? <Link to={`/applications/${application.id}`}>{name}</Link> : name}{candidate.currentTitle && <span className="quiet block">{candidate.currentTitle}</span>}</th>
      <td className="reason">{reasonOf(match)}<Flags flags={flags} who={name} /></td>
      <td>{application ? `Applied · ${words(application.status)}` : '–'}</td>
    </tr>
  );
}

function CompareBar({ job, chosen, onClear }: { job: RankedJob; chosen: readonly string[]; onClear: () => void }): ReactNode {
  const navigate = useNavigate();
  const compare = (): void => void navigate(`/jobs/${job.id}/comparison?${new URLSearchParams(chosen.map((id) => ['candidate', id])).toString()}`);
  return (
    <div className="bulk" role="group" aria-label="Chosen candidates">
      <span aria-live="polite">{chosen.length === 0 ? `Choose 2 to ${MOST_COMPARED} candidates to compare them.` : `${chosen.length} of at most ${MOST_COMPARED} chosen`}</span>
      <button type="button" className="button" disabled={chosen.length < 2} onClick={compare}>Compare</button>
      {chosen.length > 0 && <button type="button" className="link" onClick={onClear}>Choose nobody</button>}
    </div>
  );
}

/** The ranked candidates, fifty at a time. A ranking that has ended since is read anew. */
export function RankingList({ job, rankedAt }: { job: RankedJob; rankedAt: string }): ReactNode {
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['ranking', job.id, rankedAt],
    queryFn: ({ pageParam }) => graphql<RankingData>(RANKING, { id: job.id, after: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ jobOpening }) => (jobOpening?.ranking?.pageInfo.hasNextPage ? jobOpening.ranking.pageInfo.endCursor : null),
    placeholderData: (before) => before,
  });
  const choose = (id: string, isChosen: boolean): void => setChosen((before) => (isChosen ? [...before, id] : before.filter((other) => other !== id)));
  if (error) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading rows={6} />;
  const matches = data.pages.flatMap(({ jobOpening }) => jobOpening?.ranking?.nodes ?? []);
  if (matches.length === 0) return <Empty title="Nobody could be ranked"><p>There is no candidate yet whose resume has been read.</p></Empty>;
  return (
    <>
      <CompareBar job={job} chosen={chosen} onClear={() => setChosen([])} />
      <div className="table-scroll">
        <table className="ranking">
          <thead><tr><th scope="col"><span className="visually-hidden">Compare</span></th><th scope="col" className="number">Place</th><th scope="col">Score</th><th scope="col">Candidate</th><th scope="col">Why</th><th scope="col">This job</th></tr></thead>
          <tbody>{matches.map((match, index) => <Row key={match.id} match={match} place={index + 1} chosen={chosen} onChoose={choose} />)}</tbody>
        </table>
      </div>
      {hasNextPage && <button type="button" className="button" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>Show more</button>}
    </>
  );
}
