import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link, useParams } from 'react-router';
import { graphql } from '../api/client.js';
import { CAREERS, type CareersData } from '../api/operations.js';
import { words } from '../components/format.js';
import { Empty, Failure, Loading } from '../components/notice.js';
import { useTitle } from '../components/use-title.js';

/** The public list of open jobs of a workspace. */
export default function Careers(): ReactNode {
  const { workspace = '' } = useParams();
  const { data, error, refetch } = useQuery({ queryKey: ['careers', workspace], queryFn: () => graphql<CareersData>(CAREERS, { workspace }) });
  const page = data?.careersPage;
  useTitle(page ? `Jobs at ${page.workspaceName}` : 'Jobs');
  if (error) return <main className="public"><Failure error={error} onRetry={() => void refetch()} /></main>;
  if (!data) return <main className="public"><Loading /></main>;
  if (!page) return <main className="public"><Empty title="There is no careers page here"><p>Check the address, or ask the company for it.</p></Empty></main>;
  return (
    <main className="public">
      <h1>Jobs at {page.workspaceName}</h1>
      {page.postings.length === 0 && <Empty title="No open jobs at the moment"><p>Come back another day.</p></Empty>}
      <ul className="list">
        {page.postings.map((posting) => (
          <li key={posting.id} className="card posting">
            <h2><Link to={`/careers/${workspace}/${posting.slug}`}>{posting.title}</Link></h2>
            <p className="quiet">{[posting.location, words(posting.employmentType)].filter(Boolean).join(' · ')}</p>
          </li>
        ))}
      </ul>
    </main>
  );
}
