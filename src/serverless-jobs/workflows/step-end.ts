import type { StepRow } from './step-row.js';

/** How far a step came in this invocation. */
export type StepEnd =
  | { readonly kind: 'done'; readonly result: string | null }
  | { readonly kind: 'failed'; readonly row: StepRow }
  /** It waits, or is tried again later. */
  | { readonly kind: 'blocked' };

/** What its row says. */
export function endOf(row: StepRow): StepEnd {
  if (row.state === 'done') return { kind: 'done', result: row.result };
  return row.state === 'failed' ? { kind: 'failed', row } : { kind: 'blocked' };
}

/** The problem that makes a step fail for good, or be tried again after the delay (ms). */
export interface StepProblem {
  readonly code: string;
  readonly message: string;
  readonly delay: number | null;
}
