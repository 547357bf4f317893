import type { ReactNode } from 'react';
import type { Analysis, JobState } from '../api/operations.js';

const WORDS: Readonly<Record<JobState, string>> = { queued: 'Queued', running: 'Running', done: 'Done', dead: 'Failed', cancelled: 'Cancelled' };

export const isMoving = (analysis: Analysis | null): boolean => analysis?.state === 'queued' || analysis?.state === 'running';

/** The state in a word and a colour; a running one shows how far it is. */
export function StateBadge({ state, percent }: { state: JobState; percent?: number }): ReactNode {
  const running = state === 'running' && percent !== undefined;
  return <span className={`badge badge-${state}`} data-state={state}>{WORDS[state]}{running && ` ${percent} %`}</span>;
}
