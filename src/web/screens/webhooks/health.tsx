import type { ReactNode } from 'react';
import type { DeliveryState, WebhookLine } from '../../api/webhooks.js';
import { minute } from '../../components/format.js';

export const DELIVERY_STATES: readonly (readonly [DeliveryState, string])[] = [['pending', 'On its way'], ['delivered', 'Delivered'], ['failed', 'Failed']];
const COLOURS: Readonly<Record<DeliveryState, string>> = { pending: 'queued', delivered: 'done', failed: 'dead' };

/** The state of a delivery in a word and a colour. */
export function DeliveryBadge({ state }: { state: DeliveryState }): ReactNode {
  return <span className={`badge badge-${COLOURS[state]}`} data-state={state}>{DELIVERY_STATES.find(([value]) => value === state)![1]}</span>;
}

/** Whether an endpoint works, in a word and a colour. */
export function HealthBadge({ webhook: { state, failingSince, deliveryCounts } }: { webhook: WebhookLine }): ReactNode {
  const [colour, word] = state === 'disabled' ? ['kept', 'Disabled'] : failingSince ? ['dead', 'Failing'] : deliveryCounts.lastDeliveredAt ? ['done', 'Works'] : ['kept', 'Nothing sent yet'];
  return <span className={`badge badge-${colour}`}>{word}</span>;
}

const REASONS = {
  by_member: 'by an administrator.',
  gone: 'because the endpoint answered 410: it wants no more messages.',
  failing: 'because nothing arrived for five days.',
} as const;

/** How an endpoint does, in a sentence. */
export function healthText({ disabledReason, disabledAt, failingSince, deliveryCounts: { lastDeliveredAt } }: WebhookLine): string {
  if (disabledReason && disabledAt) return `Disabled on ${minute(disabledAt)} ${REASONS[disabledReason]}`;
  if (failingSince) return `Every attempt since ${minute(failingSince)} has failed.`;
  return lastDeliveredAt ? `Last delivered ${minute(lastDeliveredAt)}.` : '';
}

/** `io.perch.application.submitted` without what all have in common. */
export const shortType = (type: string): string => type.replace(/^io\.perch\./, '');
