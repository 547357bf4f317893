import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { systemStatus, type PartState } from '../api/client.js';
import { Failure, Loading } from '../components/notice.js';
import { useTitle } from '../components/use-title.js';

const WORDS: Readonly<Record<PartState, string>> = { works: 'Works', limited: 'Slower or limited', down: 'Does not work' };
const TONES: Readonly<Record<PartState, string>> = { works: 'good', limited: 'wait', down: 'bad' };
const BADGES: Readonly<Record<PartState, string>> = { works: 'done', limited: 'waiting', down: 'dead' };
const HEADLINES: Readonly<Record<PartState, string>> = {
  works: 'Everything works.', limited: 'Perch works, but not all of it as usual.', down: 'Perch does not work at the moment. What was saved is safe.',
};
const READ_ONLY = 'Everything can be read, and nothing can be changed: the database is being looked after. Applications can be sent again soon.';
const LOOK_AGAIN_MS = 30_000;

/** What everybody may know of the state of Perch, without signing in. */
export default function Status(): ReactNode {
  useTitle('Status');
  const { data, error, refetch } = useQuery({ queryKey: ['system-status'], queryFn: systemStatus, refetchInterval: LOOK_AGAIN_MS });
  return (
    <main className="public">
      <h1>Status of Perch</h1>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {!error && !data && <Loading rows={4} />}
      {!error && data && (
        <>
          <p className={`notice notice-${TONES[data.state]}`} role="status">{data.readOnly ? READ_ONLY : HEADLINES[data.state]}</p>
          <ul className="list card status-parts">
            {data.parts.map(({ name, state }) => <li key={name}><span>{name}</span><span className={`badge badge-${BADGES[state]}`}>{WORDS[state]}</span></li>)}
          </ul>
          <p className="quiet">Looked at {new Date(data.checkedAt).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit' })}; this page looks again every 30 seconds.</p>
        </>
      )}
    </main>
  );
}
