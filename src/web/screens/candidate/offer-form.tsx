import type { FormEvent, ReactNode } from 'react';
import type { Terms } from '../../api/offers.js';
import { Failure } from '../../components/notice.js';

const WEEK_MS = 7 * 86_400_000;

/** The last moment of the day where the reader is. */
const endOfDay = (value: string): string => new Date(`${value}T23:59:59`).toISOString();
const localDay = (at: Date): string => [at.getFullYear(), at.getMonth() + 1, at.getDate()].map((part) => String(part).padStart(2, '0')).join('-');

function termsOf(form: FormData): object {
  const text = (name: string): string => String(form.get(name) ?? '').trim();
  return {
    payAmount: Number(text('payAmount')), payCurrency: text('payCurrency').toUpperCase(), payPeriod: text('payPeriod'), startDate: text('startDate') || null,
    expiresAt: endOfDay(text('expiresAt')), otherTerms: text('otherTerms') || null,
  };
}

interface OfferFormProps {
  readonly terms: Terms | null;
  readonly action: string;
  readonly isPending: boolean;
  readonly error: Error | null;
  readonly onSave: (terms: object) => void;
  readonly onCancel: () => void;
}

/** Pay, dates and what else is agreed on. */
export function OfferForm({ terms, action, isPending, error, onSave, onCancel }: OfferFormProps): ReactNode {
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    onSave(termsOf(new FormData(event.currentTarget)));
  };
  const openUntil = terms ? new Date(terms.expiresAt) : new Date(Date.now() + 2 * WEEK_MS);
  return (
    <form className="form" onSubmit={submit}>
      <div className="field-row">
        <label>Pay<input name="payAmount" type="number" inputMode="decimal" min="0.01" step="0.01" required autoFocus defaultValue={terms?.pay?.amount ?? ''} /></label>
        <label>Currency<input name="payCurrency" required pattern="[A-Za-z]{3}" maxLength={3} title="Three letters, for example EUR" defaultValue={terms?.pay?.currency ?? 'EUR'} /></label>
        <label>Per<select name="payPeriod" defaultValue={terms?.pay?.period ?? 'year'}>{['hour', 'day', 'month', 'year'].map((period) => <option key={period}>{period}</option>)}</select></label>
      </div>
      <div className="field-row">
        <label>Start<input name="startDate" type="date" defaultValue={terms?.startDate ?? ''} /></label>
        <label>Open until<input name="expiresAt" type="date" required min={localDay(new Date())} defaultValue={localDay(openUntil)} /></label>
      </div>
      <label>Other terms<textarea name="otherTerms" rows={3} maxLength={20_000} defaultValue={terms?.otherTerms ?? ''} /></label>
      {error && <Failure error={error} />}
      <p className="actions">
        <button type="submit" className="button button-main" disabled={isPending}>{action}</button>
        <button type="button" className="link" onClick={onCancel}>Cancel</button>
      </p>
    </form>
  );
}
