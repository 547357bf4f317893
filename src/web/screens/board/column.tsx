import { dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { BoardJob, Card as CardData, Stage } from '../../api/operations.js';
import { Failure, Loading } from '../../components/notice.js';
import { Card } from './card.js';
import { cardsOf, useCards, type CardSort } from './use-cards.js';
import type { Mover } from './use-move.js';

/** One stage of the pipeline; takes cards that are dropped on it. */
export function Column({ job, stage, sort, mover }: { job: BoardJob; stage: Stage; sort: CardSort; mover: Mover }): ReactNode {
  const { stages } = job.pipeline;
  const element = useRef<HTMLElement>(null);
  const [over, setOver] = useState(false);
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useCards(job.id, stage.id, sort);
  useEffect(() => dropTargetForElements({
    element: element.current!,
    canDrop: ({ source }) => (source.data['from'] as Stage | undefined)?.id !== stage.id,
    onDragEnter: () => setOver(true),
    onDragLeave: () => setOver(false),
    onDrop: ({ source }) => {
      setOver(false);
      mover.move({ card: source.data['card'] as CardData, from: source.data['from'] as Stage, to: stage });
    },
  }), [mover, stage]);
  const cards = cardsOf(data);
  return (
    <section ref={element} className={`column${over ? ' column-over' : ''}`} aria-labelledby={`stage-${stage.id}`} data-stage={stage.name}>
      <h2 id={`stage-${stage.id}`}>{stage.name}{data && <span className="count">{data.pages[0]!.applications.totalCount}</span>}</h2>
      <div className="column-cards">
        {error && <Failure error={error} onRetry={() => void refetch()} />}
        {!error && !data && <Loading rows={2} />}
        {data && cards.length === 0 && <p className="column-empty">Nobody here yet</p>}
        {cards.map((card) => <Card key={card.id} card={card} stage={stage} stages={stages} mover={mover} />)}
        {hasNextPage && <button type="button" className="button" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>Show more</button>}
      </div>
    </section>
  );
}
