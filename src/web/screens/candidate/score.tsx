import type { ReactNode } from 'react';
import type { ScoreFlag, ScorePart } from '../../api/operations.js';
import { Flags } from '../../components/flags.js';

/** Why the score is what it is: points a criterion, with the line of the resume that shows it. */
export function Score({ score, parts, flags }: { score: number; parts: readonly ScorePart[]; flags: readonly ScoreFlag[] }): ReactNode {
  return (
    <section className="card" aria-labelledby="score-title">
      <h2 id="score-title">Score <span className="score score-large">{Math.round(score)}</span><span className="quiet"> of 100</span></h2>
      <ul className="parts">
        {parts.map((part, index) => (
          <li key={index}>
            <div className="part-head">
              <span>{part.label}</span>
              <span className="number">{Math.round(part.points)} of {Math.round(part.maximum)}</span>
            </div>
            <meter min={0} max={part.maximum} value={part.points} aria-label={part.label} />
            {part.evidence
              ? <blockquote>{part.evidence.quote} <cite>line {part.evidence.line}</cite></blockquote>
              : <p className="quiet">Not found in the resume</p>}
          </li>
        ))}
      </ul>
      <Flags flags={flags} who="this score" />
    </section>
  );
}
