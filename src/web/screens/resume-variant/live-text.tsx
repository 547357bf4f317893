import type { ReactNode } from 'react';
import { joinedParts, type SectionTexts } from '../../../common/run-events.js';

const title = (name: string): string => {
  const [step = '', section] = name.split(': ');
  return `${step.charAt(0).toUpperCase()}${step.slice(1)}${section ? ` – ${section}` : ''}`;
};

/** The sections as they are written; the one under way is said to screen readers when it is done, not word by word. */
export function LiveText({ sections, isRunning }: { sections: SectionTexts['sections']; isRunning: boolean }): ReactNode {
  const joined = joinedParts(sections);
  return (
    <section className="card" aria-labelledby="live-title">
      <h2 id="live-title">{isRunning ? 'As it is written' : 'What was written'}</h2>
      {joined.length === 0 && <p className="quiet">{isRunning ? 'The resume is being read. The first words come in a moment.' : 'Nothing was written.'}</p>}
      {joined.map(({ name, text, done }) => (
        <section key={name} className="live-section" data-done={done}>
          <h3>{title(name)} {done && <span className="visually-hidden">(done)</span>}</h3>
          <p className="live-text" aria-busy={!done}>{text}{!done && isRunning && <span className="caret" aria-hidden="true" />}</p>
        </section>
      ))}
    </section>
  );
}
