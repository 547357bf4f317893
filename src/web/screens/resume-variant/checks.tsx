import type { ReactNode } from 'react';
import type { VariantResult } from '../../api/resume-variants.js';

const REASONS: Readonly<Record<string, string>> = {
  number: 'the original does not hold this number there', date: 'the original does not hold this date', name: 'the original does not hold this name', title: 'the original does not hold this title',
  merit: 'the original does not hold this degree, certificate or award', skill: 'the original does not hold this skill', responsibility: 'the original does not say who answered for what', word: 'the original does not use this word',
  unsupported: 'the original does not say this',
};

/** What the check of the facts found: what was refused and why, and the line of the original behind every sentence. */
export function Checks({ result: { kept, refused, instructions, misread } }: { result: VariantResult }): ReactNode {
  return (
    <section className="card" aria-labelledby="checks-title">
      <h2 id="checks-title">Facts</h2>
      <p>{kept.length} sentences stand in the original, {refused.length === 0 ? 'none was' : refused.length === 1 ? '1 was' : `${refused.length} were`} refused.</p>
      {misread.length > 0 && <div className="notice notice-bad"><p>A machine reads this otherwise in the new file: {misread.join(', ')}. Look at it before you send it.</p></div>}
      {instructions.length > 0 && (
        <div className="notice notice-bad">
          <p>The original tries to instruct a program. Nothing was taken from:</p>
          {instructions.map(({ line, text }) => <blockquote key={line}>{text} <span className="quiet">line {line}</span></blockquote>)}
        </div>
      )}
      {refused.length > 0 && (
        <ul className="entries">
          {refused.map(({ section, text, reason, what, instead }, index) => (
            <li key={index}>
              <p><del>{text}</del></p>
              <p className="quiet">{section}: {REASONS[reason] ?? reason}{reason !== 'unsupported' && <> (<strong>{what}</strong>)</>}. {instead === null ? 'Left out.' : <>Instead: {instead}</>}</p>
            </li>
          ))}
        </ul>
      )}
      <details>
        <summary>Sentences and their lines</summary>
        <ul className="entries">{kept.map(({ text, quotes }, index) => <li key={index}><p>{text}</p>{quotes.map(({ line, text: said }) => <p key={line} className="quiet">Line {line}: {said}</p>)}</li>)}</ul>
      </details>
    </section>
  );
}
