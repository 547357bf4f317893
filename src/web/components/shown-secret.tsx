import { useEffect, useRef, type ReactNode } from 'react';
import { useToast } from './toast.js';

/** Shows a secret that can be seen this once; the focus goes to it. */
export function ShownSecret({ title, secret, onDone, children }: { title: string; secret: string; onDone: () => void; children: ReactNode }): ReactNode {
  const tell = useToast();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), [secret]);
  const copy = (): void => void navigator.clipboard.writeText(secret).then(() => tell('Copied.'), () => tell('Copying is not allowed here. Mark the text and copy it.'));
  return (
    <section className="card notice-good secret-card" aria-labelledby="shown-secret">
      <h2 id="shown-secret" ref={heading} tabIndex={-1}>{title}</h2>
      {children}
      <p><code className="secret">{secret}</code></p>
      <p className="actions">
        <button type="button" className="button button-main" onClick={copy}>Copy</button>
        <button type="button" className="button" onClick={onDone}>I have it</button>
      </p>
    </section>
  );
}
