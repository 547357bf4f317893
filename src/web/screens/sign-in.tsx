import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, type FormEvent, type ReactNode } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { getAuth, signIn, type FirstStep } from '../api/client.js';
import { signInWithPasskey } from '../api/passkeys.js';
import { inside } from '../components/inside.js';
import { Failure } from '../components/notice.js';
import { PasskeyFailure } from '../components/passkey-failure.js';
import { useTitle } from '../components/use-title.js';
import { SecondStep } from './second-step.js';

/** How one can sign in here beside the password. */
interface Ways {
  /** What the button says; null where there is none. */
  readonly singleSignOn: string | null;
  readonly passkeys: boolean;
}

/** Why a sign-in elsewhere let nobody in, by the code in the address. */
const PROBLEMS: Readonly<Record<string, string>> = {
  SSO_FAILED: 'Your company account did not confirm who you are. Try again, or sign in with your password.',
  SSO_EXPIRED: 'This sign-in took too long, was begun in another browser or was used already. Begin again.',
  SSO_UNVERIFIED: 'Your company account does not vouch for your e-mail address. Ask whoever manages it, or sign in with your password.',
  SSO_DOMAIN: 'Addresses of this domain may not sign in here.',
  SSO_UNKNOWN: 'Nobody in Perch has the address of your company account. If you were invited, open the link of the invitation first; otherwise ask an owner or admin to invite you.',
  SSO_UNAVAILABLE: 'The sign-in of your company does not answer. Try again in a moment, or sign in with your password.',
  TOO_MANY_REQUESTS: 'There were too many attempts. Try again in a few minutes.',
};

function Problem({ code }: { code: string | null }): ReactNode {
  return code !== null && Object.hasOwn(PROBLEMS, code) ? <div className="notice notice-bad" role="alert"><p>{PROBLEMS[code]}</p></div> : null;
}

/** The first step: address and password. */
function Password({ onDone }: { onDone: (answer: FirstStep) => void }): ReactNode {
  const [parameters] = useSearchParams();
  const { mutate, error, isPending } = useMutation({
    mutationFn: (form: FormData) => signIn(String(form.get('email')), String(form.get('password')), parameters.get('workspace')),
    onSuccess: onDone,
  });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    mutate(new FormData(event.currentTarget));
  };
  return (
    <form className="form" onSubmit={submit}>
      <label>E-mail<input name="email" type="email" autoComplete="username" required autoFocus /></label>
      <label>Password<input name="password" type="password" autoComplete="current-password" required /></label>
      {error && <Failure error={error} />}
      <button type="submit" className="button button-main" disabled={isPending}>{isPending ? 'Signing in…' : 'Sign in'}</button>
    </form>
  );
}

/** What signs in without a password, where there is any of it. */
function OtherWays({ next, onDone }: { next: string; onDone: () => void }): ReactNode {
  const [parameters] = useSearchParams();
  const passkey = useMutation({ mutationFn: () => signInWithPasskey(parameters.get('workspace')), onSuccess: onDone });
  const { data } = useQuery({ queryKey: ['ways'], queryFn: () => getAuth<Ways>('ways'), staleTime: Infinity });
  if (!data || (data.singleSignOn === null && !data.passkeys)) return null;
  return (
    <>
      <p className="or"><span>or</span></p>
      <div className="ways">
        {data.singleSignOn !== null && <a className="button button-wide" href={`/api/auth/single-sign-on?next=${encodeURIComponent(next)}`}>{data.singleSignOn}</a>}
        {data.passkeys && <button type="button" className="button button-wide" disabled={passkey.isPending} onClick={() => passkey.mutate()}>{passkey.isPending ? 'Waiting for your device…' : 'Sign in with a passkey'}</button>}
        {passkey.error && <PasskeyFailure error={passkey.error} />}
      </div>
    </>
  );
}

/** The ticket for the second step that a sign-in elsewhere has put behind the # of the address; it is taken from there. */
function useTicket(): [string | null, (ticket: string | null) => void] {
  const [ticket, setTicket] = useState(() => /^#ticket=([\w-]+)$/.exec(location.hash)?.[1] ?? null);
  useEffect(() => {
    if (location.hash !== '') history.replaceState(history.state, '', location.pathname + location.search);
  }, []);
  return [ticket, setTicket];
}

export default function SignIn(): ReactNode {
  useTitle('Sign in');
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [parameters] = useSearchParams();
  const [ticket, setTicket] = useTicket();
  const next = inside(parameters.get('next'));
  const enter = (): void => {
    queryClient.clear();
    void navigate(next, { replace: true });
  };
  return (
    <main className="narrow">
      <h1><span className="brand-mark" aria-hidden="true" />Sign in to Perch</h1>
      {ticket === null && <Problem code={parameters.get('problem')} />}
      {ticket !== null && <SecondStep ticket={ticket} onDone={enter} onBack={() => setTicket(null)} />}
      {ticket === null && (
        <div className="card">
          <Password onDone={(answer) => (answer.ticket === undefined ? enter() : setTicket(answer.ticket))} />
          <OtherWays next={next} onDone={enter} />
        </div>
      )}
      {ticket === null && <p><Link to="/reset-password">Forgot your password?</Link></p>}
    </main>
  );
}
