import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useSearchParams } from 'react-router';
import { applicationStatus, type PublicStatus } from '../api/client.js';
import { day } from '../components/format.js';
import { Failure, Loading } from '../components/notice.js';
import { useTitle } from '../components/use-title.js';

const TEXTS: Readonly<Record<PublicStatus['status'], string>> = {
  received: 'We have received your application.',
  in_review: 'Your application is being reviewed.',
  hired: 'Congratulations: you have the job.',
  closed: 'This application is closed.',
};

/** What an applicant sees by the link that only they have. */
export default function ApplicationStatus(): ReactNode {
  useTitle('Your application');
  const token = useSearchParams()[0].get('token') ?? '';
  const { data, error, refetch } = useQuery({ queryKey: ['status', token], queryFn: () => applicationStatus(token), refetchInterval: 30_000 });
  return (
    <main className="public">
      <h1>Your application</h1>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {!error && !data && <Loading rows={1} />}
      {data && (
        <section className="card">
          <h2>{data.jobTitle}</h2>
          <p>{TEXTS[data.status]}</p>
          <p className="quiet">Applied on {day(data.appliedAt)}</p>
        </section>
      )}
    </main>
  );
}
