import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { END_OTHER_SESSIONS, END_SESSION, SESSIONS, type Session } from '../../api/account.js';
import { graphql } from '../../api/client.js';
import { ago, minute } from '../../components/format.js';
import { Failure, Loading } from '../../components/notice.js';
import { useAction } from '../../components/use-action.js';
import { useTitle } from '../../components/use-title.js';
import { ChangePassword } from './change-password.js';
import { PasskeysPart } from './passkeys-part.js';
import { PolicyPart } from './second-factor/policy-part.js';
import { SecondFactorPart } from './second-factor/second-factor-part.js';

function Line({ session }: { session: Session }): ReactNode {
  const { run, isPending, error } = useAction();
  const { id, device, address, createdAt, lastUsedAt, current, elsewhere } = session;
  const name = device ?? 'Unknown device';
  return (
    <tr>
      <th scope="row">
        {name}{current && <> <span className="badge badge-done">This one</span></>}{elsewhere && <> <span className="badge">Another workspace</span></>}
        {address && <span className="quiet block">Network {address}</span>}
      </th>
      <td title={minute(lastUsedAt)}>{current ? 'now' : ago(lastUsedAt)}</td>
      <td>{minute(createdAt)}</td>
      <td className="row-action">
        {!current && <button type="button" className="button" aria-label={`End ${name}, signed in ${minute(createdAt)}`} disabled={isPending} onClick={() => run({ query: END_SESSION, variables: { id }, done: `${name} is signed out.` })}>End</button>}
        {error && <p className="field-error" role="alert">{error.message}</p>}
      </td>
    </tr>
  );
}

function Sessions(): ReactNode {
  const { run, isPending, error: failure } = useAction();
  const { data, error, refetch } = useQuery({ queryKey: ['sessions'], queryFn: () => graphql<{ sessions: readonly Session[] }>(SESSIONS) });
  const sessions = data?.sessions;
  return (
    <section className="settings-part" aria-labelledby="sessions-title">
      <h2 id="sessions-title">Where you are signed in</h2>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {!error && !sessions && <Loading rows={3} />}
      {sessions && (
        <div className="table-scroll">
          <table>
            <thead><tr><th scope="col">Device</th><th scope="col">Last used</th><th scope="col">Signed in</th><th scope="col"><span className="visually-hidden">Actions</span></th></tr></thead>
            <tbody>{sessions.map((session) => <Line key={session.id} session={session} />)}</tbody>
          </table>
        </div>
      )}
      {failure && <Failure error={failure} />}
      {sessions && sessions.length > 1 && <button type="button" className="button" disabled={isPending} onClick={() => run({ query: END_OTHER_SESSIONS, variables: {}, done: 'All other sign-ins are ended.' })}>End all others</button>}
    </section>
  );
}

/** How the viewer signs in, and where. */
export default function Security(): ReactNode {
  useTitle('Security');
  return (
    <>
      <h1>Security</h1>
      <Sessions />
      <ChangePassword />
      <PasskeysPart />
      <SecondFactorPart />
      <PolicyPart />
    </>
  );
}
