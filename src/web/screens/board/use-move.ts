import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, type RefObject } from 'react';
import { graphql } from '../../api/client.js';
import { MOVE, type BoardJob, type Card, type Stage } from '../../api/operations.js';
import { useToast } from '../../components/toast.js';
import { columnKey, withFirst, without, type CardPages, type CardSort } from './use-cards.js';

export interface Move {
  readonly card: Card;
  readonly from: Stage;
  readonly to: Stage;
}

export interface Mover {
  readonly move: (move: Move) => void;
  /** Id of the card that takes the keyboard's focus when it appears in its new column. */
  readonly focus: RefObject<string | null>;
}

/** Moves a card at once and asks the server behind it; a refusal puts the card back and says why. */
export function useMove(job: BoardJob, sort: CardSort): Mover {
  const queryClient = useQueryClient();
  const tell = useToast();
  const focus = useRef<string | null>(null);
  const shift = ({ card, from, to }: Move): void => {
    queryClient.setQueryData<CardPages>(columnKey(job.id, from.id, sort), (data) => without(data, card.id));
    queryClient.setQueryData<CardPages>(columnKey(job.id, to.id, sort), (data) => withFirst(data, { ...card, stageSince: new Date().toISOString() }));
  };
  const back = ({ card, from, to }: Move): Move => ({ card, from: to, to: from });
  const mutation = useMutation({
    scope: { id: `board-${job.id}` },
    mutationFn: ({ card, to }: Move) => graphql(MOVE, { id: card.id, stage: to.id }),
    onMutate: async (move: Move) => {
      await queryClient.cancelQueries({ queryKey: ['board', job.id] });
      shift(move);
      tell(`${move.card.candidate.person.displayName} moved to ${move.to.name}.`, () => mutation.mutate(back(move)));
    },
    onError: (error, move) => {
      shift(back(move));
      tell(`${move.card.candidate.person.displayName} stays in ${move.from.name}: ${error.message}`);
    },
    onSettled: () => (queryClient.isMutating() === 1 ? queryClient.invalidateQueries({ queryKey: ['board', job.id] }) : undefined),
  });
  return {
    move: (move) => {
      focus.current = move.card.id;
      mutation.mutate(move);
    },
    focus,
  };
}
