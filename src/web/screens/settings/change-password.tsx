import { useRef, type FormEvent, type ReactNode } from 'react';
import { Link } from 'react-router';
import { CHANGE_PASSWORD } from '../../api/account.js';
import { NewPassword } from '../../components/new-password.js';
import { Failure } from '../../components/notice.js';
import { useAction } from '../../components/use-action.js';
import { useViewer } from '../../components/use-viewer.js';

/** Changing the own password; whoever is signed in elsewhere is out then. */
export function ChangePassword(): ReactNode {
  const form = useRef<HTMLFormElement>(null);
  const { data } = useViewer();
  const { run, isPending, error } = useAction(() => form.current?.reset());
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const values = new FormData(event.currentTarget);
    run({ query: CHANGE_PASSWORD, variables: { currentPassword: values.get('currentPassword'), newPassword: values.get('newPassword') }, done: 'Your password is changed. All other sign-ins are ended.' });
  };
  return (
    <section className="settings-part" aria-labelledby="password-title">
      <h2 id="password-title">Password</h2>
      <form ref={form} className="form card settings-form" onSubmit={submit} aria-labelledby="password-title">
        <label>Current password<input name="currentPassword" type="password" autoComplete="current-password" required maxLength={1_000} /></label>
        <NewPassword name="newPassword" email={data?.viewer.user?.email} />
        {error && <Failure error={error} />}
        <p className="actions">
          <button type="submit" className="button button-main" disabled={isPending}>{isPending ? 'Changing…' : 'Change password'}</button>
          <Link to="/reset-password">I do not know it any more</Link>
        </p>
      </form>
    </section>
  );
}
