import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { signIn } from '../api/client.js';
import { inside } from '../components/inside.js';
import { Failure } from '../components/notice.js';
import { useTitle } from '../components/use-title.js';

export default function SignIn(): ReactNode {
  useTitle('Sign in');
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [parameters] = useSearchParams();
  const { mutate, error, isPending } = useMutation({
    mutationFn: (form: FormData) => signIn(String(form.get('email')), String(form.get('password')), parameters.get('workspace')),
    onSuccess: () => {
      queryClient.clear();
      void navigate(inside(parameters.get('next')), { replace: true });
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    mutate(new FormData(event.currentTarget));
  };
  return (
    <main className="narrow">
      <h1><span className="brand-mark" aria-hidden="true" />Sign in to Perch</h1>
      <form className="form card" onSubmit={submit}>
        <label>E-mail<input name="email" type="email" autoComplete="username" required autoFocus /></label>
        <label>Password<input name="password" type="password" autoComplete="current-password" required /></label>
        {error && <Failure error={error} />}
        <button type="submit" className="button button-main" disabled={isPending}>{isPending ? 'Signing in…' : 'Sign in'}</button>
      </form>
      <p><Link to="/reset-password">Forgot your password?</Link></p>
    </main>
  );
}
