import { useInfiniteQuery, type InfiniteData, type UseInfiniteQueryResult } from '@tanstack/react-query';
import { graphql } from '../../api/client.js';
import { CARDS, type Card, type Page } from '../../api/operations.js';
import { isMoving } from '../../components/analysis-state.js';

const CARDS_AT_ONCE = 50;
/** While a resume is being read the column is looked at every second; otherwise now and then, for what others do. */
const BUSY_POLL_MS = 1_000;
const QUIET_POLL_MS = 10_000;

export interface CardPage {
  readonly applications: Page<Card>;
}
export type CardPages = InfiniteData<CardPage, string | null>;

/** How the cards of a column are ordered. */
export type CardSort = 'NEWEST' | 'SCORE';

export const columnKey = (job: string, stage: string, sort: CardSort): readonly string[] => ['board', job, stage, sort];
export const cardsOf = (data: CardPages | undefined): Card[] => data?.pages.flatMap((page) => page.applications.nodes) ?? [];

/** The cards of one column, read as far as the recruiter has asked. */
export function useCards(job: string, stage: string, sort: CardSort): UseInfiniteQueryResult<CardPages> {
  return useInfiniteQuery({
    queryKey: columnKey(job, stage, sort),
    queryFn: ({ pageParam }) => graphql<CardPage>(CARDS, { job, stage, sort, first: CARDS_AT_ONCE, after: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ applications }) => (applications.pageInfo.hasNextPage ? applications.pageInfo.endCursor : null),
    refetchInterval: ({ state }) => (cardsOf(state.data as CardPages | undefined).some(({ analysis }) => isMoving(analysis)) ? BUSY_POLL_MS : QUIET_POLL_MS),
  });
}

const change = (data: CardPages | undefined, difference: number, edit: (nodes: readonly Card[], index: number) => readonly Card[]): CardPages | undefined => data && {
  ...data,
  pages: data.pages.map((page, index) => ({
    applications: { ...page.applications, totalCount: page.applications.totalCount + difference, nodes: edit(page.applications.nodes, index) },
  })),
};

export const without = (data: CardPages | undefined, id: string): CardPages | undefined => change(data, -1, (nodes) => nodes.filter((card) => card.id !== id));
export const withFirst = (data: CardPages | undefined, card: Card): CardPages | undefined => change(data, 1, (nodes, index) => (index === 0 ? [card, ...nodes] : nodes));
