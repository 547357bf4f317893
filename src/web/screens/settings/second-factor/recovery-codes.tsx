import { useId, useState, type ReactNode } from 'react';
import { useToast } from '../../../components/toast.js';

const fileOf = (codes: readonly string[]): string =>
  `data:text/plain;charset=utf-8,${encodeURIComponent(`Recovery codes for Perch. Each works once, in the place of a code of your app.\n\n${codes.join('\n')}\n`)}`;

/** Shows recovery codes the only time that they can be seen; it goes on once somebody says that they are kept. */
export function RecoveryCodes({ codes, onDone }: { codes: readonly string[]; onDone: () => void }): ReactNode {
  const tell = useToast();
  const [kept, setKept] = useState(false);
  const heading = useId();
  const copy = (): void => void navigator.clipboard.writeText(codes.join('\n')).then(() => tell('The codes were copied.'), () => tell('The browser does not allow copying. Download them instead.'));
  return (
    <section aria-labelledby={heading}>
      <h2 id={heading} tabIndex={-1} ref={(element) => element?.focus()}>Keep your recovery codes</h2>
      <p>Without your phone, each of them lets you in once. They are shown this one time: print them or put them into a password manager.</p>
      <ol className="recovery-codes">{codes.map((code) => <li key={code}><code>{code}</code></li>)}</ol>
      <div className="actions">
        <button type="button" className="button" onClick={copy}>Copy</button>
        <a className="button" href={fileOf(codes)} download="perch-recovery-codes.txt">Download</a>
      </div>
      <label className="check"><input type="checkbox" checked={kept} onChange={(event) => setKept(event.target.checked)} />I have kept the codes</label>
      <button type="button" className="button button-main" disabled={!kept} onClick={onDone}>Done</button>
    </section>
  );
}
