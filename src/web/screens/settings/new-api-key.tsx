import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactNode } from 'react';
import { CREATE_API_KEY } from '../../api/account.js';
import { graphql } from '../../api/client.js';
import { words } from '../../components/format.js';
import { Failure } from '../../components/notice.js';

const TERMS = [[30, '30 days'], [90, '90 days'], [366, 'A year']] as const;

interface Group {
  readonly noun: string;
  readonly scopes: readonly string[];
}

const NOUNS: Readonly<Record<string, string>> = { 'api-keys': 'API keys', mcp: 'MCP' };

/** What a scope allows with its noun: `people.contact.read` is "Read contact". */
function deedOf(scope: string): string {
  const [, ...parts] = scope.split('.');
  return words([parts.at(-1), ...parts.slice(0, -1)].join(' '));
}

/** Scopes of one thing together: `people.contact.read` belongs to people. */
function groupsOf(scopes: readonly string[]): readonly Group[] {
  const nouns = [...new Set(scopes.map((scope) => scope.split('.')[0]!))].sort();
  return nouns.map((noun) => ({ noun, scopes: scopes.filter((scope) => scope.startsWith(`${noun}.`)) }));
}

/** Asks for scopes, as check boxes named `scopes`. */
export function ScopeChoice({ scopes }: { scopes: readonly string[] }): ReactNode {
  return <div className="scopes" role="group" aria-label="Scopes">{groupsOf(scopes).map((group) => <ScopeGroup key={group.noun} {...group} />)}</div>;
}

function ScopeGroup({ noun, scopes }: Group): ReactNode {
  return (
    <fieldset>
      <legend>{NOUNS[noun] ?? words(noun.replaceAll('-', ' '))}</legend>
      {scopes.map((scope) => <label key={scope} className="choice"><input type="checkbox" name="scopes" value={scope} />{deedOf(scope)}</label>)}
    </fieldset>
  );
}

/** Asks what a new key is for. */
export function NewKey({ scopes, onMade, onCancel }: { scopes: readonly string[]; onMade: (token: string) => void; onCancel: () => void }): ReactNode {
  const [missing, setMissing] = useState(false);
  const { mutate, error, isPending } = useMutation({
    mutationFn: (input: object) => graphql<{ createApiKey: { token: string } }>(CREATE_API_KEY, { input }),
    onSuccess: ({ createApiKey }) => onMade(createApiKey.token),
  });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const values = new FormData(event.currentTarget);
    const chosen = values.getAll('scopes');
    setMissing(chosen.length === 0);
    if (chosen.length > 0) mutate({ name: values.get('name'), scopes: chosen, days: Number(values.get('days')) });
  };
  return (
    <form className="form card" onSubmit={submit} onChange={() => setMissing(false)} aria-label="New key">
      <div className="invite-row">
        <label>Name<input name="name" required maxLength={300} autoFocus placeholder="Import of the careers site" /></label>
        <label>Ends after<select name="days" defaultValue={90}>{TERMS.map(([days, name]) => <option key={days} value={days}>{name}</option>)}</select></label>
      </div>
      <ScopeChoice scopes={scopes} />
      {missing && <p className="field-error" role="alert">Choose what the key may do.</p>}
      {error && <Failure error={error} />}
      <p className="actions">
        <button type="submit" className="button button-main" disabled={isPending}>{isPending ? 'Making…' : 'Make the key'}</button>
        <button type="button" className="button" onClick={onCancel}>Cancel</button>
      </p>
    </form>
  );
}
