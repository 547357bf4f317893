import type { ReactNode } from 'react';
import type { DiffPart, VariantResult } from '../../api/resume-variants.js';

function Part({ kind, text }: DiffPart): ReactNode {
  if (kind === 'added') return <ins>{text}</ins>;
  return kind === 'removed' ? <del>{text}</del> : <>{text}</>;
}

/** What the resume said and says, section by section, and the letter that goes with it. */
export function Changes({ result: { diff, letter } }: { result: VariantResult }): ReactNode {
  const changed = diff.filter((section) => section.changed);
  return (
    <>
      <section className="card" aria-labelledby="changes-title">
        <h2 id="changes-title">What has changed</h2>
        {changed.length === 0 && <p className="quiet">Nothing: the resume suits the job as it is.</p>}
        {changed.map(({ heading, lines }) => (
          <section key={heading} className="diff">
            <h3>{heading}</h3>
            <ul>{lines.map(({ kind, parts }, index) => <li key={index} data-kind={kind}>{parts.map((part, at) => <Part key={at} {...part} />)}</li>)}</ul>
          </section>
        ))}
      </section>
      {letter.length > 0 && (
        <section className="card" aria-labelledby="letter-title">
          <h2 id="letter-title">Cover letter</h2>
          {letter.map((paragraph, index) => <p key={index}>{paragraph}</p>)}
        </section>
      )}
    </>
  );
}
