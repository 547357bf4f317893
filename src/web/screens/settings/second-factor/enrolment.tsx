import { useMutation, useQuery } from '@tanstack/react-query';
import type { FormEvent, ReactNode } from 'react';
import { beginEnrolment, confirmEnrolment } from '../../../api/second-factor.js';
import { CodeField } from '../../../components/code-field.js';
import { Failure, Loading } from '../../../components/notice.js';
import { QrCode } from './qr-code.js';
import { RecoveryCodes } from './recovery-codes.js';

const inGroups = (secret: string): string => secret.replace(/(.{4})(?=.)/g, '$1 ');

/** Sets up an authenticator app: scan, confirm, keep the recovery codes. */
export function Enrolment({ onDone, onCancel }: { onDone: () => void; onCancel?: () => void }): ReactNode {
  const { data, error, refetch } = useQuery({ queryKey: ['second-factor-enrolment'], queryFn: beginEnrolment, staleTime: Infinity, gcTime: 0, retry: false });
  const confirmation = useMutation({ mutationFn: (code: string) => confirmEnrolment(code) });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    confirmation.mutate(String(new FormData(event.currentTarget).get('code')));
  };
  if (confirmation.data) return <RecoveryCodes codes={confirmation.data.recoveryCodes} onDone={onDone} />;
  if (error) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  return (
    <form className="form enrolment" onSubmit={submit}>
      <QrCode text={data.address} label="QR code for your authenticator app" />
      <div className="form">
        <p>Scan the picture with an authenticator app: any that shows one-time codes will do, and many password managers can.</p>
        <details><summary>The picture cannot be scanned</summary><p>Type this key into the app: <code className="secret">{inGroups(data.secret)}</code></p></details>
        <CodeField autoFocus />
        {confirmation.error && <Failure error={confirmation.error} />}
        <div className="actions">
          <button type="submit" className="button button-main" disabled={confirmation.isPending}>{confirmation.isPending ? 'Checking…' : 'Turn on'}</button>
          {onCancel && <button type="button" className="button" onClick={onCancel}>Cancel</button>}
        </div>
      </div>
    </form>
  );
}
