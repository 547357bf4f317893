import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { signIn, type FirstStep } from '../api/client.js';
import { inside } from '../components/inside.js';
import { Failure } from '../components/notice.js';
import { useTitle } from '../components/use-title.js';
import { SecondStep } from './second-step.js';

/** The first step: address and password. */
function Password({ onDone }: { onDone: (answer: FirstStep) => void }): ReactNode {
  const { mutate, error, isPending } = useMutation({
    mutationFn: (form: FormData) => signIn(String(form.get('email')), String(form.get('password'))),
    onSuccess: onDone,
  });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    mutate(new FormData(event.currentTarget));
  };
  return (
    <form className="form card" onSubmit={submit}>
      <label>E-mail<input name="email" type="email" autoComplete="username" required autoFocus /></label>
      <label>Password<input name="password" type="password" autoComplete="current-password" required /></label>
      {error && <Failure error={error} />}
      <button type="submit" className="button button-main" disabled={isPending}>{isPending ? 'Signing in…' : 'Sign in'}</button>
    </form>
  );
}

export default function SignIn(): ReactNode {
  useTitle('Sign in');
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [parameters] = useSearchParams();
  const [ticket, setTicket] = useState<string | null>(null);
  const enter = (): void => {
    queryClient.clear();
    void navigate(inside(parameters.get('next')), { replace: true });
  };
  return (
    <main className="narrow">
      <h1><span className="brand-mark" aria-hidden="true" />Sign in to Perch</h1>
      {ticket === null
        ? <Password onDone={(answer) => (answer.ticket === undefined ? enter() : setTicket(answer.ticket))} />
        : <SecondStep ticket={ticket} onDone={enter} onBack={() => setTicket(null)} />}
    </main>
  );
}
