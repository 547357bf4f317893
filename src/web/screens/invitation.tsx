import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useNavigate } from 'react-router';
import { acceptInvitation, openInvitation, signIn, signOut, type OpenInvitation } from '../api/client.js';
import type { Role } from '../api/team.js';
import { day } from '../components/format.js';
import { NewPassword } from '../components/new-password.js';
import { Failure, Loading } from '../components/notice.js';
import { ROLES } from '../components/roles.js';
import { useTitle } from '../components/use-title.js';

function Fields({ invitation: { email, hasAccount, signedInAs } }: { invitation: OpenInvitation }): ReactNode {
  if (signedInAs === email) return <p>You are signed in as {email}.</p>;
  if (hasAccount) {
    return (
      <>
        <p>You have an account with {email} already. Enter its password to accept.</p>
        <input type="email" name="username" autoComplete="username" value={email} readOnly hidden />
        <label>Password<input name="password" type="password" autoComplete="current-password" required maxLength={1_000} /></label>
      </>
    );
  }
  return (
    <>
      <p>Your account will be {email}.</p>
      <label>Your name<input name="displayName" autoComplete="name" required maxLength={100} autoFocus /></label>
      <NewPassword label="Choose a password" email={email} />
    </>
  );
}

function Accept({ token, invitation }: { token: string; invitation: OpenInvitation }): ReactNode {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const { mutate, error, isPending } = useMutation({
    mutationFn: async (values: FormData) => {
      const [displayName, password] = [values.get('displayName'), values.get('password')].map((value) => (value === null ? null : String(value)));
      const { email, workspaceSlug } = await acceptInvitation(token, displayName ?? null, password ?? null);
      // Signing in may ask for more than a password; then, and without one, the sign-in page goes on.
      const entered = password ? await signIn(email, password, workspaceSlug).then(({ ticket }) => ticket === undefined, () => false) : false;
      return entered ? '/jobs' : `/sign-in?workspace=${encodeURIComponent(workspaceSlug)}`;
    },
    onSuccess: (next) => {
      queryClient.clear();
      void navigate(next, { replace: true });
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    mutate(new FormData(event.currentTarget));
  };
  return (
    <form className="form card" onSubmit={submit}>
      <Fields invitation={invitation} />
      {error && <Failure error={error} />}
      <button type="submit" className="button button-main" disabled={isPending}>{isPending ? 'Accepting…' : 'Accept the invitation'}</button>
    </form>
  );
}

function OtherPerson({ invitation: { email, signedInAs }, onSignedOut }: { invitation: OpenInvitation; onSignedOut: () => void }): ReactNode {
  return (
    <div className="card">
      <p>This invitation is for {email}, and you are signed in as {signedInAs}.</p>
      <p><button type="button" className="button" onClick={() => void signOut().then(onSignedOut, onSignedOut)}>Sign out and go on</button></p>
    </div>
  );
}

/** The page behind a mailed invitation. Opening it accepts nothing, because programs that check mails open links too. */
export default function Invitation(): ReactNode {
  useTitle('Invitation');
  const [token] = useState(() => globalThis.location.hash.slice(1));
  const { data, error, refetch } = useQuery({ queryKey: ['invitation'], queryFn: () => openInvitation(token), staleTime: Infinity, retry: false, refetchOnWindowFocus: false });
  if (error) return <main className="narrow"><h1>Invitation</h1><Failure error={error} /></main>;
  if (!data) return <main className="narrow"><h1>Invitation</h1><Loading /></main>;
  const role = ROLES[data.role as Role];
  return (
    <main className="narrow">
      <h1><span className="brand-mark" aria-hidden="true" />Join {data.workspace}</h1>
      <p>{data.inviter} invites you to work with {data.workspace} in Perch as <strong>{role.name.toLowerCase()}</strong>, until {day(data.expiresAt)}.</p>
      <p className="quiet">{role.text}</p>
      {data.signedInAs !== null && data.signedInAs !== data.email ? <OtherPerson invitation={data} onSignedOut={() => void refetch()} /> : <Accept token={token} invitation={data} />}
    </main>
  );
}
