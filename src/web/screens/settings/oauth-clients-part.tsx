import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactNode } from 'react';
import { graphql } from '../../api/client.js';
import { CREATE_OAUTH_CLIENT, OAUTH_CLIENTS, REVOKE_OAUTH_CLIENT, type OAuthClient } from '../../api/oauth-clients.js';
import { Confirmation } from '../../components/confirmation.js';
import { ago } from '../../components/format.js';
import { Failure, Loading } from '../../components/notice.js';
import { ShownSecret } from '../../components/shown-secret.js';
import { useAction } from '../../components/use-action.js';
import { useMay } from '../../components/use-viewer.js';
import { ScopeChoice } from './new-api-key.js';

interface Secret {
  readonly clientId: string;
  readonly secret: string;
}
const KEY = ['oauth-clients'];

function Line({ client }: { client: OAuthClient }): ReactNode {
  const [asking, setAsking] = useState(false);
  const { run, isPending, error } = useAction(() => setAsking(false));
  const { id, name, clientId, scopes, lastUsedAt, revokedAt } = client;
  return (
    <tr>
      <th scope="row">{name}<code className="quiet block">{clientId}</code></th>
      <td><ul className="tags">{scopes.map((scope) => <li key={scope}>{scope}</li>)}</ul></td>
      <td>{revokedAt !== null ? <span className="badge badge-dead">Revoked</span> : <><span className="badge badge-done">Works</span><span className="quiet block">{lastUsedAt === null ? 'not used yet' : `used ${ago(lastUsedAt)}`}</span></>}</td>
      <td className="row-action">
        {revokedAt === null && <button type="button" className="button" aria-label={`Revoke ${name}`} onClick={() => setAsking(true)}>Revoke</button>}
        {asking && (
          <Confirmation title={`Revoke ${name}?`} action="Revoke" bad pending={isPending} onClose={() => setAsking(false)} onConfirm={() => run({ query: REVOKE_OAUTH_CLIENT, variables: { id }, done: `${name} is revoked.` })}>
            <p>The program and all of its tokens are refused from now on. A revoked client cannot be brought back.</p>
            {error && <Failure error={error} />}
          </Confirmation>
        )}
      </td>
    </tr>
  );
}

function NewClient({ scopes, onMade, onCancel }: { scopes: readonly string[]; onMade: (secret: Secret) => void; onCancel: () => void }): ReactNode {
  const [missing, setMissing] = useState(false);
  const { mutate, error, isPending } = useMutation({
    mutationFn: (input: object) => graphql<{ createOAuthClient: { secret: string; client: { clientId: string } } }>(CREATE_OAUTH_CLIENT, { input }),
    onSuccess: ({ createOAuthClient: { secret, client } }) => onMade({ secret, clientId: client.clientId }),
  });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const values = new FormData(event.currentTarget);
    const chosen = values.getAll('scopes');
    setMissing(chosen.length === 0);
    if (chosen.length > 0) mutate({ name: values.get('name'), scopes: chosen });
  };
  return (
    <form className="form card" onSubmit={submit} onChange={() => setMissing(false)} aria-label="New OAuth client">
      <label>Name<input name="name" required maxLength={300} autoFocus placeholder="Payroll" /></label>
      <ScopeChoice scopes={scopes} />
      {missing && <p className="field-error" role="alert">Choose what the program may do.</p>}
      {error && <Failure error={error} />}
      <p className="actions">
        <button type="submit" className="button button-main" disabled={isPending}>{isPending ? 'Making…' : 'Make the client'}</button>
        <button type="button" className="button" onClick={onCancel}>Cancel</button>
      </p>
    </form>
  );
}

/** Programs that fetch tokens for an hour. */
export function OAuthClientsPart({ scopes }: { scopes: readonly string[] }): ReactNode {
  const may = useMay('oauth-clients.manage');
  const queryClient = useQueryClient();
  const [making, setMaking] = useState(false);
  const [secret, setSecret] = useState<Secret | null>(null);
  const { data, error, refetch } = useQuery({ queryKey: KEY, queryFn: () => graphql<{ oauthClients: readonly OAuthClient[] }>(OAUTH_CLIENTS), enabled: may });
  if (!may) return null;
  const made = (shown: Secret): void => {
    setMaking(false);
    setSecret(shown);
    void queryClient.invalidateQueries({ queryKey: KEY });
  };
  return (
    <section className="settings-part" aria-labelledby="oauth-clients">
      <h2 id="oauth-clients">OAuth clients</h2>
      <p className="quiet">A program with a name and a secret fetches a token that works for an hour, at <code>/api/auth/token</code>.</p>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading rows={1} />}
      {secret && (
        <ShownSecret title="Copy the secret now" secret={secret.secret} onDone={() => setSecret(null)}>
          <p>It is shown this once. The client_id is <code>{secret.clientId}</code>, the client_secret is:</p>
        </ShownSecret>
      )}
      {data && data.oauthClients.length > 0 && (
        <div className="table-scroll">
          <table>
            <thead><tr><th scope="col">Client</th><th scope="col">Scopes</th><th scope="col">State</th><th scope="col"><span className="visually-hidden">Actions</span></th></tr></thead>
            <tbody>{data.oauthClients.map((client) => <Line key={client.id} client={client} />)}</tbody>
          </table>
        </div>
      )}
      {making ? <NewClient scopes={scopes} onMade={made} onCancel={() => setMaking(false)} /> : data && <button type="button" className="button" onClick={() => { setSecret(null); setMaking(true); }}>New OAuth client</button>}
    </section>
  );
}
