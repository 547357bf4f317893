import { useEffect, useRef, type ReactNode } from 'react';
import { useToast } from '../../components/toast.js';

/** Shows the secret of an endpoint, this once. */
export function ShownSecret({ secret, onDone, children }: { secret: string; onDone: () => void; children: ReactNode }): ReactNode {
  const tell = useToast();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const copy = (): void => void navigator.clipboard.writeText(secret).then(() => tell('Copied.'), () => tell('Copying is not allowed here. Mark the secret and copy it.'));
  return (
    <section className="card notice-good" aria-labelledby="shown-secret">
      <h2 id="shown-secret" ref={heading} tabIndex={-1}>Copy the secret now</h2>
      <p>It is shown this once. Your system verifies with it that a message comes from Perch.</p>
      <p><code className="json block whole">{secret}</code></p>
      {children}
      <p className="actions">
        <button type="button" className="button button-main" onClick={copy}>Copy</button>
        <button type="button" className="button" onClick={onDone}>I have it</button>
      </p>
    </section>
  );
}
