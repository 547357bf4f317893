import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { API_KEYS, REVOKE_API_KEY, type ApiKey } from '../../api/account.js';
import { graphql } from '../../api/client.js';
import { Confirmation } from '../../components/confirmation.js';
import { day } from '../../components/format.js';
import { Empty, Failure, Loading } from '../../components/notice.js';
import { ShownSecret } from '../../components/shown-secret.js';
import { useAction } from '../../components/use-action.js';
import { useTitle } from '../../components/use-title.js';
import { OAuthClientsPart } from './oauth-clients-part.js';
import { NewKey } from './new-api-key.js';

interface ApiKeysData {
  readonly apiKeyScopes: readonly string[];
  readonly apiKeys: readonly ApiKey[];
}
const KEY = ['api-keys'];

function State({ apiKey: { revokedAt, expiresAt } }: { apiKey: ApiKey }): ReactNode {
  if (revokedAt !== null) return <span className="badge badge-dead">Revoked</span>;
  if (new Date(expiresAt) <= new Date()) return <span className="badge">Ended</span>;
  return <><span className="badge badge-done">Works</span><span className="quiet block">until {day(expiresAt)}</span></>;
}

function Line({ apiKey, onRevoke }: { apiKey: ApiKey; onRevoke: (key: ApiKey) => void }): ReactNode {
  const { name, lastFour, scopes, revokedAt, expiresAt } = apiKey;
  const works = revokedAt === null && new Date(expiresAt) > new Date();
  return (
    <tr>
      <th scope="row">{name}<span className="quiet block">ends in <code>{lastFour}</code></span></th>
      <td><ul className="tags">{scopes.map((scope) => <li key={scope}>{scope}</li>)}</ul></td>
      <td><State apiKey={apiKey} /></td>
      <td className="row-action">{works && <button type="button" className="button" aria-label={`Revoke ${name}`} onClick={() => onRevoke(apiKey)}>Revoke</button>}</td>
    </tr>
  );
}

function Revoke({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }): ReactNode {
  const { run, isPending, error } = useAction(onClose);
  return (
    <Confirmation title={`Revoke ${apiKey.name}?`} action="Revoke" bad pending={isPending} onClose={onClose} onConfirm={() => run({ query: REVOKE_API_KEY, variables: { id: apiKey.id }, done: `${apiKey.name} is revoked.` })}>
      <p>Programs that use this key are refused from now on. A revoked key cannot be brought back.</p>
      {error && <Failure error={error} />}
    </Confirmation>
  );
}

/** Keys with which programs work in Perch. */
export default function ApiKeys(): ReactNode {
  useTitle('API keys');
  const queryClient = useQueryClient();
  const [making, setMaking] = useState(false);
  const [token, setToken] = useState<string | null>(null);
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  const { data, error, refetch } = useQuery({ queryKey: KEY, queryFn: () => graphql<ApiKeysData>(API_KEYS) });
  const made = (secret: string): void => {
    setMaking(false);
    setToken(secret);
    void queryClient.invalidateQueries({ queryKey: KEY });
  };
  return (
    <>
      <div className="title-row">
        <h1>API keys</h1>
        {data && !making && <button type="button" className="button button-main" onClick={() => { setToken(null); setMaking(true); }}>New key</button>}
      </div>
      <p className="quiet">A program works with a key by REST, GraphQL and MCP. A key may do what its scopes say, and never more than whoever made it.</p>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {!error && !data && <Loading rows={3} />}
      {token !== null && (
        <ShownSecret title="Copy the key now" secret={token} onDone={() => setToken(null)}>
          <p>It is shown this once. Perch keeps nothing of it with which it could be shown again.</p>
        </ShownSecret>
      )}
      {making && data && <NewKey scopes={data.apiKeyScopes} onMade={made} onCancel={() => setMaking(false)} />}
      {data?.apiKeys.length === 0 && !making && <Empty title="No keys yet"><p>Make one for the first program that shall work here.</p></Empty>}
      {data && data.apiKeys.length > 0 && (
        <div className="table-scroll">
          <table>
            <thead><tr><th scope="col">Key</th><th scope="col">Scopes</th><th scope="col">State</th><th scope="col"><span className="visually-hidden">Actions</span></th></tr></thead>
            <tbody>{data.apiKeys.map((apiKey) => <Line key={apiKey.id} apiKey={apiKey} onRevoke={setRevoking} />)}</tbody>
          </table>
        </div>
      )}
      {data && <OAuthClientsPart scopes={data.apiKeyScopes} />}
      {revoking && <Revoke apiKey={revoking} onClose={() => setRevoking(null)} />}
    </>
  );
}
