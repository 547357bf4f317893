import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactNode } from 'react';
import { getAuth, graphql } from '../../api/client.js';
import { addPasskey, PASSKEYS, REMOVE_PASSKEY, RENAME_PASSKEY, type Passkey } from '../../api/passkeys.js';
import { Confirmation } from '../../components/confirmation.js';
import { ago, day } from '../../components/format.js';
import { Failure, Loading } from '../../components/notice.js';
import { PasskeyFailure } from '../../components/passkey-failure.js';
import { useToast } from '../../components/toast.js';
import { useAction } from '../../components/use-action.js';

function Line({ passkey }: { passkey: Passkey }): ReactNode {
  const [asking, setAsking] = useState<'name' | 'end' | null>(null);
  const { run, isPending, error } = useAction(() => setAsking(null));
  const { id, name, createdAt, lastUsedAt } = passkey;
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{day(createdAt)}</td>
      <td>{lastUsedAt === null ? 'never' : ago(lastUsedAt)}</td>
      <td className="row-action">
        <div className="actions">
          <button type="button" className="button" aria-label={`Rename ${name}`} onClick={() => setAsking('name')}>Rename…</button>
          <button type="button" className="button" aria-label={`Remove ${name}`} onClick={() => setAsking('end')}>Remove…</button>
        </div>
        {asking === 'name' && (
          <Confirmation title={`Rename ${name}`} action="Rename" pending={isPending} onClose={() => setAsking(null)} onConfirm={(form) => run({ query: RENAME_PASSKEY, variables: { id, name: form.get('name') }, done: 'The passkey was renamed.' })}>
            <label>Name<input name="name" defaultValue={name} required maxLength={300} autoFocus /></label>
            {error && <Failure error={error} />}
          </Confirmation>
        )}
        {asking === 'end' && (
          <Confirmation title={`Remove ${name}?`} action="Remove" bad pending={isPending} onClose={() => setAsking(null)} onConfirm={() => run({ query: REMOVE_PASSKEY, variables: { id }, done: `${name} no longer opens your account.` })}>
            <p>It no longer opens your account. Delete it on your device as well, which would offer it in vain.</p>
            {error && <Failure error={error} />}
          </Confirmation>
        )}
      </td>
    </tr>
  );
}

/** Names a new passkey, and lets the device make it. */
function Add({ onDone, onCancel }: { onDone: () => void; onCancel: () => void }): ReactNode {
  const { mutate, error, isPending } = useMutation({ mutationFn: (form: FormData) => addPasskey(String(form.get('name'))), onSuccess: onDone });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    mutate(new FormData(event.currentTarget));
  };
  return (
    <form className="form settings-form" onSubmit={submit} aria-label="New passkey">
      <label>Name, to know it again<input name="name" required maxLength={300} autoFocus placeholder="My phone" /></label>
      {error && <PasskeyFailure error={error} />}
      <p className="actions">
        <button type="submit" className="button button-main" disabled={isPending}>{isPending ? 'Waiting for your device…' : 'Make the passkey'}</button>
        <button type="button" className="button" onClick={onCancel}>Cancel</button>
      </p>
    </form>
  );
}

/** Shows and changes the viewer's passkeys, where there can be any. */
export function PasskeysPart(): ReactNode {
  const queryClient = useQueryClient();
  const tell = useToast();
  const [adding, setAdding] = useState(false);
  const ways = useQuery({ queryKey: ['ways'], queryFn: () => getAuth<{ passkeys: boolean }>('ways'), staleTime: Infinity });
  const { data, error, refetch } = useQuery({ queryKey: ['passkeys'], queryFn: () => graphql<{ passkeys: readonly Passkey[] }>(PASSKEYS), enabled: ways.data?.passkeys === true });
  if (!ways.data?.passkeys) return null;
  const added = (): void => {
    setAdding(false);
    tell('The passkey was added.');
    void queryClient.invalidateQueries({ queryKey: ['passkeys'] });
  };
  return (
    <section className="settings-part" aria-labelledby="passkeys">
      <h2 id="passkeys">Passkeys</h2>
      <p className="quiet">A passkey opens Perch with your finger, your face or the PIN of your device, without a password and a code.</p>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading rows={1} />}
      {data && data.passkeys.length > 0 && (
        <div className="table-scroll">
          <table>
            <thead><tr><th scope="col">Passkey</th><th scope="col">Added</th><th scope="col">Last used</th><th scope="col"><span className="visually-hidden">Actions</span></th></tr></thead>
            <tbody>{data.passkeys.map((passkey) => <Line key={passkey.id} passkey={passkey} />)}</tbody>
          </table>
        </div>
      )}
      {adding ? <Add onDone={added} onCancel={() => setAdding(false)} /> : data && <button type="button" className="button" onClick={() => setAdding(true)}>Add a passkey</button>}
    </section>
  );
}
