import type { ReactNode } from 'react';
import type { MailState } from '../../api/mail-operations.js';

export const MAIL_STATES: readonly (readonly [MailState, string])[] = [['queued', 'Queued'], ['sent', 'Sent'], ['kept', 'Kept'], ['failed', 'Failed']];

const COLOURS: Readonly<Record<MailState, string>> = { queued: 'queued', sent: 'done', kept: 'kept', failed: 'dead' };

/** The state of a mail in a word and a colour. */
export function MailBadge({ state }: { state: MailState }): ReactNode {
  const label = MAIL_STATES.find(([value]) => value === state)![1];
  return <span className={`badge badge-${COLOURS[state]}`} data-state={state}>{label}</span>;
}
