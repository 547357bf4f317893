import { draggable } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { useEffect, useRef, type KeyboardEvent, type ReactNode } from 'react';
import { Link } from 'react-router';
import type { Card as CardData, Stage } from '../../api/operations.js';
import { StateBadge } from '../../components/analysis-state.js';
import { daysSince } from '../../components/format.js';
import type { Mover } from './use-move.js';

interface CardProps {
  readonly card: CardData;
  readonly stage: Stage;
  readonly stages: readonly Stage[];
  readonly mover: Mover;
}

function Facts({ card }: { card: CardData }): ReactNode {
  const { analysis, score } = card;
  return (
    <p className="card-facts">
      {score !== null && <span className="score" title="Score">{Math.round(score)}</span>}
      {analysis && (analysis.state !== 'done' || score === null) && <StateBadge state={analysis.state} percent={analysis.progressPercent} />}
      {analysis?.state === 'done' && <span className="visually-hidden" data-state="done">Analysed</span>}
      <span className="quiet">{daysSince(card.stageSince)}</span>
    </p>
  );
}

/** One application on the board: a link that can be dragged, and moved with [ and ] or the menu. */
export function Card({ card, stage, stages, mover }: CardProps): ReactNode {
  const element = useRef<HTMLElement>(null);
  const link = useRef<HTMLAnchorElement>(null);
  const name = card.candidate.person.displayName;
  useEffect(() => draggable({ element: element.current!, getInitialData: () => ({ card, from: stage }) }), [card, stage]);
  useEffect(() => {
    if (mover.focus.current !== card.id) return;
    mover.focus.current = null;
    link.current?.focus();
  }, [card.id, mover.focus]);
  const moveBy = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== link.current) return;
    const offset = event.key === ']' ? 1 : event.key === '[' ? -1 : 0;
    const to = stages[stages.indexOf(stage) + offset];
    if (offset !== 0 && to) mover.move({ card, from: stage, to });
  };
  return (
    <article ref={element} className="card board-card" data-application={card.id} onKeyDown={moveBy}>
      <Link ref={link} to={`/applications/${card.id}`} draggable={false} aria-keyshortcuts="[ ]">{name}</Link>
      {card.candidate.currentTitle && <p className="quiet clip">{card.candidate.currentTitle}</p>}
      <div className="card-foot">
        <Facts card={card} />
        <select className="move" aria-label={`Move ${name} to`} value={stage.id} onChange={(event) => {
          const to = stages.find(({ id }) => id === event.target.value);
          if (to) mover.move({ card, from: stage, to });
        }}>
          {stages.map(({ id, name: label }) => <option key={id} value={id}>{label}</option>)}
        </select>
      </div>
    </article>
  );
}
