import { useMutation } from '@tanstack/react-query';
import type { FormEvent, ReactNode } from 'react';
import { postAuth } from '../api/client.js';
import { CodeField } from '../components/code-field.js';
import { Failure } from '../components/notice.js';

/** The second step of a sign-in, after the password was right. */
export function SecondStep({ ticket, onDone, onBack }: { ticket: string; onDone: () => void; onBack: () => void }): ReactNode {
  const { mutate, error, isPending } = useMutation({
    mutationFn: (form: FormData) => postAuth('second-factor', { ticket, code: String(form.get('code')) }),
    onSuccess: onDone,
  });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    mutate(new FormData(event.currentTarget));
  };
  return (
    <form className="form card" onSubmit={submit}>
      <p>One more step: open your authenticator app and type the code that it shows for Perch.</p>
      <CodeField recovery autoFocus />
      {error && <Failure error={error} />}
      <button type="submit" className="button button-main" disabled={isPending}>{isPending ? 'Checking…' : 'Sign in'}</button>
      <p className="quiet"><button type="button" className="link" onClick={onBack}>Back to the password</button></p>
    </form>
  );
}
