import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Navigate, NavLink, Outlet, useLocation, useNavigate } from 'react-router';
import { ApiError, signOut } from '../api/client.js';
import type { Viewer } from '../api/operations.js';
import { Failure, Loading } from './notice.js';
import { useViewer } from './use-viewer.js';

function Header({ viewer }: { viewer: Viewer }): ReactNode {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const leave = async (): Promise<void> => {
    await signOut().catch(() => undefined);
    queryClient.clear();
    void navigate('/sign-in');
  };
  return (
    <header className="header">
      <a className="skip" href="#main">Skip to content</a>
      <span className="brand"><span className="brand-mark" aria-hidden="true" />Perch</span>
      <nav aria-label="Main">
        <NavLink to="/jobs">Jobs</NavLink>
        <NavLink to="/approvals">Approvals</NavLink>
        <NavLink to="/background-jobs">Background jobs</NavLink>
        <NavLink to="/outbox">Outbox</NavLink>
        <NavLink to={`/careers/${viewer.workspace.slug}`}>Careers page</NavLink>
        <NavLink to="/settings">Settings</NavLink>
      </nav>
      <span className="who">{viewer.user?.displayName ?? viewer.workspace.name}</span>
      <button type="button" className="link" onClick={() => void leave()}>Sign out</button>
    </header>
  );
}

/** What the signed-in member may do, as the shell has asked it; nothing while it is not known. */
export function useMay(): (permission: string) => boolean {
  const { data } = useViewer();
  return (permission) => data?.viewer.permissions.includes(permission) ?? false;
}

/** The frame of every screen that needs a signed-in member; strangers are sent to the sign-in and come back afterwards. */
export default function Shell(): ReactNode {
  const { pathname, search } = useLocation();
  const { data, error, refetch } = useViewer();
  if (error instanceof ApiError && error.code === 'UNAUTHENTICATED') return <Navigate to={`/sign-in?next=${encodeURIComponent(pathname + search)}`} replace />;
  if (error instanceof ApiError && error.code === 'SECOND_FACTOR_REQUIRED') return <Navigate to={`/second-factor?next=${encodeURIComponent(pathname + search)}`} replace />;
  if (error) return <main className="page"><Failure error={error} onRetry={() => void refetch()} /></main>;
  if (!data) return <main className="page"><Loading /></main>;
  return (
    <>
      <Header viewer={data.viewer} />
      {data.systemState.readOnly && <p className="notice notice-wait banner" role="status">Perch can only be read at the moment, because its database is being looked after. Changes are refused until that is done.</p>}
      <main id="main" className="page" tabIndex={-1}><Outlet /></main>
    </>
  );
}
