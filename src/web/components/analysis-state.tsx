import type { ReactNode } from 'react';
import type { Analysis, JobState } from '../api/operations.js';
import { words } from './format.js';

export const STATE_WORDS: Readonly<Record<JobState, string>> = {
  queued: 'Queued', running: 'Running', waiting: 'Waiting', paused: 'Paused', done: 'Done', dead: 'Failed', cancelled: 'Cancelled', discarded: 'Put away',
};

const OUTCOME_WORDS: Readonly<Record<string, string>> = { retry: 'Failed', dead: 'Failed for good', lost: 'Process lost', yielded: 'Handed over' };

/** How an attempt or a step ended, in words. */
export const outcomeWords = (outcome: string): string => OUTCOME_WORDS[outcome] ?? words(outcome);

export const isMoving = (analysis: Analysis | null): boolean => analysis?.state === 'queued' || analysis?.state === 'running';

/** The state in a word and a colour; a running one shows how far it is. */
export function StateBadge({ state, percent }: { state: JobState; percent?: number }): ReactNode {
  const running = state === 'running' && percent !== undefined;
  return <span className={`badge badge-${state}`} data-state={state}>{STATE_WORDS[state]}{running && ` ${percent} %`}</span>;
}
