import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { renewRecoveryCodes, secondFactorStatus, turnOffSecondFactor, type SecondFactorStatus } from '../../../api/second-factor.js';
import { CodeField } from '../../../components/code-field.js';
import { Confirmation } from '../../../components/confirmation.js';
import { Failure, Loading } from '../../../components/notice.js';
import { useToast } from '../../../components/toast.js';
import { Enrolment } from './enrolment.js';
import { RecoveryCodes } from './recovery-codes.js';

type Doing = 'nothing' | 'enrolling' | 'renewing' | 'turning-off';

const FEW = 3;
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'long' });

function Facts({ status, since, onDo }: { status: SecondFactorStatus; since: string; onDo: (doing: Doing) => void }): ReactNode {
  const { recoveryCodesLeft: left } = status;
  return (
    <>
      <p>On since {day.format(new Date(since))}. After your password, Perch asks for a code of your authenticator app.</p>
      <p className={left < FEW ? 'notice notice-bad' : 'quiet'}>{left === 1 ? '1 recovery code is' : `${left} recovery codes are`} left{left < FEW ? '. Make new ones before you need them.' : '.'}</p>
      <div className="actions">
        <button type="button" className="button" onClick={() => onDo('renewing')}>New recovery codes…</button>
        <button type="button" className="button" onClick={() => onDo('turning-off')}>Turn off…</button>
      </div>
    </>
  );
}

/** Asks for a code before something about the second factor changes. */
function WithCode({ doing, onCodes, onDone, onClose }: { doing: Doing; onCodes: (codes: readonly string[]) => void; onDone: () => void; onClose: () => void }): ReactNode {
  const isOff = doing === 'turning-off';
  const { mutate, error, isPending } = useMutation({
    mutationFn: async (form: FormData) => {
      const code = String(form.get('code'));
      if (isOff) await turnOffSecondFactor(code);
      else onCodes((await renewRecoveryCodes(code)).recoveryCodes);
    },
    onSuccess: onDone,
  });
  return (
    <Confirmation title={isOff ? 'Turn off the second factor?' : 'Make new recovery codes?'} action={isOff ? 'Turn off' : 'Make new codes'} bad={isOff} pending={isPending} onConfirm={mutate} onClose={onClose}>
      <p>{isOff ? 'Your password alone will open your account then.' : 'The codes that you have now will no longer work.'}</p>
      <CodeField recovery autoFocus />
      {error && <Failure error={error} />}
    </Confirmation>
  );
}

/** Shows and changes the viewer's second factor. */
export function SecondFactorPart(): ReactNode {
  const queryClient = useQueryClient();
  const tell = useToast();
  const [doing, setDoing] = useState<Doing>('nothing');
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const { data, error, refetch } = useQuery({ queryKey: ['second-factor'], queryFn: secondFactorStatus });
  const end = (text: string): void => {
    setDoing('nothing');
    tell(text);
    void queryClient.invalidateQueries();
  };
  const content = (status: SecondFactorStatus): ReactNode => {
    if (codes) return <RecoveryCodes codes={codes} onDone={() => setCodes(null)} />;
    if (doing === 'enrolling') return <Enrolment onDone={() => end('Your second factor is on.')} onCancel={() => setDoing('nothing')} />;
    if (status.since !== null) return <Facts status={status} since={status.since} onDo={setDoing} />;
    return (
      <>
        <p>Off. With it, nobody signs in with your password alone: Perch also asks for a code that your phone shows.</p>
        <button type="button" className="button button-main" onClick={() => setDoing('enrolling')}>Set up</button>
      </>
    );
  };
  return (
    <section className="settings-part" aria-labelledby="second-factor">
      <h2 id="second-factor">Second factor</h2>
      {error ? <Failure error={error} onRetry={() => void refetch()} /> : data ? content(data) : <Loading rows={1} />}
      {(doing === 'renewing' || doing === 'turning-off') && (
        <WithCode doing={doing} onCodes={setCodes} onDone={() => end(doing === 'renewing' ? 'New recovery codes were made.' : 'Your second factor is off.')} onClose={() => setDoing('nothing')} />
      )}
    </section>
  );
}
