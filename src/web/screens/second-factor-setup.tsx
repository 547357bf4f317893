import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Navigate, useNavigate, useSearchParams } from 'react-router';
import { ApiError, signOut } from '../api/client.js';
import { secondFactorStatus } from '../api/second-factor.js';
import { inside } from '../components/inside.js';
import { Failure, Loading } from '../components/notice.js';
import { useTitle } from '../components/use-title.js';
import { Enrolment } from './settings/second-factor/enrolment.js';

/** Where members are led whose workspace requires a second factor that they do not have yet. */
export default function SecondFactorSetup(): ReactNode {
  useTitle('Set up a second factor');
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [parameters] = useSearchParams();
  const next = inside(parameters.get('next'));
  const { data, error, refetch } = useQuery({ queryKey: ['second-factor'], queryFn: secondFactorStatus, staleTime: Infinity });
  const leave = async (to: string): Promise<void> => {
    queryClient.clear();
    await navigate(to, { replace: true });
  };
  if (error instanceof ApiError && error.code === 'UNAUTHENTICATED') return <Navigate to={`/sign-in?next=${encodeURIComponent(next)}`} replace />;
  return (
    <main className="narrow narrow-wide">
      <h1><span className="brand-mark" aria-hidden="true" />Set up a second factor</h1>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading />}
      {data && (
        <section className="card">
          <p>Your workspace asks all members for a code of their phone beside the password. It takes a minute, and then you go on where you were.</p>
          <Enrolment onDone={() => void leave(next)} />
        </section>
      )}
      <p className="quiet"><button type="button" className="link" onClick={() => void signOut().catch(() => undefined).then(() => leave('/sign-in'))}>Sign out instead</button></p>
    </main>
  );
}
