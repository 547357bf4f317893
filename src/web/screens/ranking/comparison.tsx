import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link, useParams, useSearchParams } from 'react-router';
import { graphql } from '../../api/client.js';
import type { ScorePart } from '../../api/operations.js';
import { COMPARE, type Comparison as ComparisonTable, type ComparisonData } from '../../api/ranking.js';
import { Advice } from '../../components/advice.js';
import { Flags } from '../../components/flags.js';
import { Failure, Loading } from '../../components/notice.js';
import { useTitle } from '../../components/use-title.js';

const KIND_WORDS: Readonly<Record<string, string>> = { must: 'Must have', nice: 'Nice to have', title: 'Title', experience: 'Experience' };

function Cell({ part }: { part: ScorePart | null }): ReactNode {
  if (!part) return <td className="quiet">Not read</td>;
  return (
    <td>
      <span className="number">{Math.round(part.points)} of {Math.round(part.maximum)}</span>
      {part.evidence ? <blockquote>{part.evidence.quote} <cite>line {part.evidence.line}</cite></blockquote> : <p className="quiet">{part.points > 0 ? 'Shown in the resume' : 'Not found'}</p>}
    </td>
  );
}

function Heads({ candidates }: Pick<ComparisonTable, 'candidates'>): ReactNode {
  return (
    <tr>
      <th scope="col">Criterion</th>
      {candidates.map(({ candidate, score, application, flags }) => (
        <th scope="col" key={candidate.id}>
          {application ? <Link to={`/applications/${application.id}`}>{candidate.person.displayName}</Link> : candidate.person.displayName}
          {score !== null && <span className="score">{Math.round(score)}</span>}
          {candidate.currentTitle && <span className="quiet block">{candidate.currentTitle}</span>}
          <Flags flags={flags} who={candidate.person.displayName} />
        </th>
      ))}
    </tr>
  );
}

function Table({ table }: { table: ComparisonTable }): ReactNode {
  return (
    <>
      {table.rows.length === 0 && <p className="notice notice-wait">The resumes of these candidates have not been read.</p>}
      <div className="table-scroll" tabIndex={0} role="region" aria-label="Candidates side by side">
        <table className="comparison">
          <thead><Heads candidates={table.candidates} /></thead>
          <tbody>{table.rows.map(({ kind, label, cells }, row) => (
            <tr key={row}>
              <th scope="row">{label}<span className="quiet block">{KIND_WORDS[kind] ?? kind}</span></th>
              {cells.map((part, index) => <Cell key={index} part={part} />)}
            </tr>
          ))}</tbody>
        </table>
      </div>
    </>
  );
}

/** Two to five candidates side by side, by what the job asks for now; who they are is in the address. */
export default function Comparison(): ReactNode {
  const { id = '' } = useParams();
  const candidates = useSearchParams()[0].getAll('candidate');
  const { data, error, refetch } = useQuery({ queryKey: ['comparison', id, ...candidates], queryFn: () => graphql<ComparisonData>(COMPARE, { id, candidates }) });
  useTitle('Comparison');
  return (
    <>
      <p><Link to={`/jobs/${id}/ranking`}>Ranking{data?.jobOpening && ` for ${data.jobOpening.title}`}</Link></p>
      <div className="title-row"><h1>Comparison</h1></div>
      <Advice />
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {!error && (data ? <Table table={data.compareCandidates} /> : <Loading rows={5} />)}
    </>
  );
}
