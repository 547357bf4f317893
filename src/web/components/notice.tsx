import type { ReactNode } from 'react';
import { ApiError } from '../api/client.js';

/** Grey shapes where the content will be; said once to screen readers. */
export function Loading({ rows = 3 }: { rows?: number }): ReactNode {
  return (
    <div className="loading" role="status">
      <span className="visually-hidden">Loading…</span>
      {Array.from({ length: rows }, (_, index) => <div key={index} className="skeleton" />)}
    </div>
  );
}

/** What went wrong and what can be done about it. */
export function Failure({ error, onRetry }: { error: unknown; onRetry?: () => void }): ReactNode {
  const text = error instanceof ApiError ? error.message : 'Something went wrong on this page. Reload it; if it happens again, tell the person who runs Perch.';
  const isStale = error instanceof ApiError && error.code === 'SIGN_IN_AGAIN';
  return (
    <div className="notice notice-bad" role="alert">
      <p>{text}</p>
      {isStale && <a className="button" href={`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`}>Sign in again</a>}
      {onRetry && !isStale && <button type="button" className="button" onClick={onRetry}>Try again</button>}
    </div>
  );
}

export function Empty({ title, children }: { title: string; children?: ReactNode }): ReactNode {
  return (
    <div className="empty">
      <h2>{title}</h2>
      {children}
    </div>
  );
}
