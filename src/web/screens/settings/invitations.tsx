import { useQuery } from '@tanstack/react-query';
import { useRef, useState, type FormEvent, type ReactNode } from 'react';
import { graphql } from '../../api/client.js';
import { INVITATIONS, INVITE, RESEND_INVITATION, REVOKE_INVITATION, type Invitation, type InvitationState, type Role, type SentInvitation } from '../../api/team.js';
import { ago, ahead } from '../../components/format.js';
import { Failure, Loading } from '../../components/notice.js';
import { ROLES, rolesUpTo } from '../../components/roles.js';
import { ShownSecret } from '../../components/shown-secret.js';
import { useAction } from '../../components/use-action.js';

const STATES: Readonly<Record<InvitationState, readonly [string, string]>> = {
  pending: ['Waiting', 'badge-queued'], expired: ['Expired', 'badge-dead'], accepted: ['Accepted', 'badge-done'], revoked: ['Taken back', ''],
};

type OnSent = (link: string | null) => void;
const linkOf = (answer: SentInvitation): string | null => Object.values(answer)[0]?.link ?? null;

function Invite({ own, onSent }: { own: Role; onSent: OnSent }): ReactNode {
  const form = useRef<HTMLFormElement>(null);
  const { run, isPending, error } = useAction<SentInvitation>((answer) => {
    form.current?.reset();
    onSent(linkOf(answer));
  });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const values = new FormData(event.currentTarget);
    const email = String(values.get('email'));
    run({ query: INVITE, variables: { email, role: values.get('role') }, done: `${email} is invited.` });
  };
  return (
    <form ref={form} className="form card" onSubmit={submit} aria-label="Invite somebody">
      <div className="invite-row">
        <label>E-mail<input name="email" type="email" required maxLength={254} autoComplete="off" /></label>
        <label>Role<select name="role" defaultValue="recruiter">{rolesUpTo(own).map((role) => <option key={role} value={role}>{ROLES[role].name}</option>)}</select></label>
        <button type="submit" className="button button-main" disabled={isPending}>{isPending ? 'Inviting…' : 'Invite'}</button>
      </div>
      {error && <Failure error={error} />}
    </form>
  );
}

function Line({ invitation, own, onSent }: { invitation: Invitation; own: Role | null; onSent: OnSent }): ReactNode {
  const { run, isPending, error } = useAction<SentInvitation>((answer) => onSent(linkOf(answer)));
  const { id, email, role, state, sentAt, expiresAt, inviter } = invitation;
  const isOpen = state === 'pending' || state === 'expired';
  const [word, colour] = STATES[state];
  return (
    <tr>
      <th scope="row">{email}<span className="quiet block">{inviter && `Invited by ${inviter.displayName}, `}{ago(sentAt)}</span></th>
      <td>{ROLES[role].name}</td>
      <td><span className={`badge ${colour}`}>{word}</span>{state === 'pending' && <span className="quiet block">ends {ahead(expiresAt)}</span>}</td>
      <td>
        {isOpen && own !== null && rolesUpTo(own).includes(role) && (
          <div className="actions">
            <button type="button" className="button" aria-label={`Send again to ${email}`} disabled={isPending} onClick={() => run({ query: RESEND_INVITATION, variables: { id }, done: `${email} gets a new link; the earlier one is dead.` })}>Send again</button>
            <button type="button" className="button" aria-label={`Take back the invitation of ${email}`} disabled={isPending} onClick={() => run({ query: REVOKE_INVITATION, variables: { id }, done: `The invitation of ${email} is taken back.` })}>Take back</button>
          </div>
        )}
        {error && <p className="field-error" role="alert">{error.message}</p>}
      </td>
    </tr>
  );
}

function Table({ invitations, own, onSent }: { invitations: readonly Invitation[]; own: Role | null; onSent: OnSent }): ReactNode {
  return (
    <div className="table-scroll">
      <table>
        <thead><tr><th scope="col">Person</th><th scope="col">Role</th><th scope="col">State</th><th scope="col"><span className="visually-hidden">Actions</span></th></tr></thead>
        <tbody>{invitations.map((invitation) => <Line key={invitation.id} invitation={invitation} own={own} onSent={onSent} />)}</tbody>
      </table>
    </div>
  );
}

/** Inviting people, and what became of it. `own` is the role of a viewer who may invite. */
export function Invitations({ own }: { own: Role | null }): ReactNode {
  const { data, error, refetch } = useQuery({ queryKey: ['invitations'], queryFn: () => graphql<{ invitations: readonly Invitation[] }>(INVITATIONS) });
  const [link, setLink] = useState<string | null>(null);
  const invitations = data?.invitations;
  return (
    <section className="settings-part" aria-labelledby="invitations-title">
      <h2 id="invitations-title">Invitations</h2>
      {own !== null && <Invite own={own} onSent={setLink} />}
      {link !== null && (
        <ShownSecret title="Hand over this link" secret={link} onDone={() => setLink(null)}>
          <p>No mail server is set, so the invitation does not leave Perch. Whoever has this link can accept it, once, within seven days.</p>
        </ShownSecret>
      )}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {!error && !invitations && <Loading rows={2} />}
      {invitations?.length === 0 && <p className="quiet">Nobody is invited. A link that you send works once, for seven days.</p>}
      {invitations && invitations.length > 0 && <Table invitations={invitations} own={own} onSent={setLink} />}
    </section>
  );
}
