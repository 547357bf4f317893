import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactNode } from 'react';
import { Link } from 'react-router';
import { ApiError, requestPasswordReset, resetPassword } from '../api/client.js';
import { NewPassword } from '../components/new-password.js';
import { Failure } from '../components/notice.js';
import { useTitle } from '../components/use-title.js';

const LINK_CODES = ['NOT_FOUND', 'LINK_USED', 'LINK_EXPIRED'];

/** Asks for the mail. What is said afterwards is the same for every address. */
function Ask(): ReactNode {
  const { mutate, error, isPending, isSuccess, variables } = useMutation({ mutationFn: (email: string) => requestPasswordReset(email) });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    mutate(String(new FormData(event.currentTarget).get('email')));
  };
  if (isSuccess) {
    return (
      <div className="card" role="status">
        <p>If there is an account with {variables}, a mail with a link is on its way. The link works once, for half an hour.</p>
        <p className="quiet">Nothing there after a few minutes? Look into the spam folder, and whether this is the address that you sign in with.</p>
      </div>
    );
  }
  return (
    <form className="form card" onSubmit={submit}>
      <label>E-mail<input name="email" type="email" autoComplete="username" required maxLength={254} autoFocus /></label>
      {error && <Failure error={error} />}
      <button type="submit" className="button button-main" disabled={isPending}>{isPending ? 'Asking…' : 'Send me a link'}</button>
    </form>
  );
}

function Choose({ token, onAskAgain }: { token: string; onAskAgain: () => void }): ReactNode {
  const { mutate, error, isPending, isSuccess } = useMutation({ mutationFn: (password: string) => resetPassword(token, password) });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    mutate(String(new FormData(event.currentTarget).get('password')));
  };
  if (isSuccess) return <div className="card" role="status"><p>Your new password is set, and all sign-ins are ended.</p><p><Link className="button button-main" to="/sign-in">Sign in</Link></p></div>;
  return (
    <form className="form card" onSubmit={submit}>
      <NewPassword />
      {error && <Failure error={error} />}
      {error instanceof ApiError && LINK_CODES.includes(error.code) && <button type="button" className="button" onClick={onAskAgain}>Ask for a new link</button>}
      <button type="submit" className="button button-main" disabled={isPending}>{isPending ? 'Setting…' : 'Set the password'}</button>
    </form>
  );
}

/** For people who forgot their password: asks for a mail, and is the page behind the mailed link. */
export default function ResetPassword(): ReactNode {
  useTitle('Set a new password');
  const [token, setToken] = useState(() => globalThis.location.hash.slice(1));
  return (
    <main className="narrow">
      <h1><span className="brand-mark" aria-hidden="true" />Set a new password</h1>
      {token === '' ? <Ask /> : <Choose token={token} onAskAgain={() => setToken('')} />}
      <p><Link to="/sign-in">Back to the sign-in</Link></p>
    </main>
  );
}
