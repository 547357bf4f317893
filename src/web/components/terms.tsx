import type { ReactNode } from 'react';
import type { Pay, Terms } from '../api/offers.js';
import { day } from './format.js';

export function payText({ amount, currency, period }: Pay): string {
  return `${new Intl.NumberFormat(undefined, { style: 'currency', currency, maximumFractionDigits: amount % 1 === 0 ? 0 : 2 }).format(amount)} per ${period}`;
}

/** What is offered. Pay is missing for those who may not see it. */
export function TermsList({ terms }: { terms: Terms }): ReactNode {
  return (
    <dl className="terms">
      <div><dt>Pay</dt><dd>{terms.pay ? payText(terms.pay) : <span className="quiet">Not shown to you</span>}</dd></div>
      <div><dt>Start</dt><dd>{terms.startDate ? day(`${terms.startDate}T12:00:00`) : 'Not agreed yet'}</dd></div>
      <div><dt>Open until</dt><dd>{day(terms.expiresAt)}</dd></div>
      {terms.otherTerms && <div><dt>Other terms</dt><dd className="prose">{terms.otherTerms}</dd></div>}
    </dl>
  );
}
