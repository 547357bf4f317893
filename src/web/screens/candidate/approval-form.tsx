import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactNode } from 'react';
import { graphql } from '../../api/client.js';
import { MEMBERS, REQUEST_APPROVAL, type Member } from '../../api/offers.js';
import { words } from '../../components/format.js';
import { Failure, Loading } from '../../components/notice.js';
import { useAction } from '../../components/use-action.js';

/** Chooses who approves, how many of them must, and in which order. */
export function ApprovalForm({ offerId, onEnd }: { offerId: string; onEnd: () => void }): ReactNode {
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [mode, setMode] = useState('parallel');
  const members = useQuery({ queryKey: ['members'], queryFn: () => graphql<{ members: readonly Member[] }>(MEMBERS), staleTime: 60_000 });
  const { run, isPending, error } = useAction(onEnd);
  if (members.error) return <Failure error={members.error} onRetry={() => void members.refetch()} />;
  if (!members.data) return <Loading rows={2} />;
  const people = members.data.members.map(({ user, role }) => ({ ...user, role }));
  const toggle = (id: string): void => setChosen(chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id]);
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const required = Number(new FormData(event.currentTarget).get('required'));
    run({ query: REQUEST_APPROVAL, variables: { id: offerId, approvers: chosen, required, mode }, done: 'The approvers are asked.' });
  };
  return (
    <form className="form" onSubmit={submit}>
      <fieldset>
        <legend>Approvers</legend>
        {people.map(({ id, displayName, role }) => (
          <label key={id} className="choice"><input type="checkbox" checked={chosen.includes(id)} onChange={() => toggle(id)} /> {displayName} <span className="quiet">{words(role)}</span></label>
        ))}
      </fieldset>
      <div className="field-row">
        <label>How many must approve<input name="required" type="number" required min={1} max={Math.max(1, chosen.length)} key={chosen.length} defaultValue={Math.max(1, chosen.length)} /></label>
        <label>Order<select value={mode} onChange={(event) => setMode(event.target.value)}><option value="parallel">All at once</option><option value="serial">One after the other</option></select></label>
      </div>
      {mode === 'serial' && chosen.length > 1 && <p className="quiet">In this order: {chosen.map((id) => people.find((person) => person.id === id)?.displayName).join(', ')}</p>}
      {error && <Failure error={error} />}
      <p className="actions">
        <button type="submit" className="button button-main" disabled={isPending || chosen.length === 0}>Ask for approval</button>
        <button type="button" className="link" onClick={onEnd}>Cancel</button>
      </p>
    </form>
  );
}
