import type { ReactNode } from 'react';
import type { VariantStatus } from '../api/resume-variants.js';

const STATES: Readonly<Record<VariantStatus, readonly [string, string]>> = {
  running: ['Being written', 'badge-running'], paused: ['Paused', ''], ready: ['Ready', 'badge-done'], failed: ['Failed', 'badge-dead'], cancelled: ['Cancelled', ''],
};

/** How a resume that is rewritten stands. */
export function VariantBadge({ status }: { status: VariantStatus }): ReactNode {
  const [word, colour] = STATES[status];
  return <span className={`badge ${colour}`} data-state={status}>{word}</span>;
}
