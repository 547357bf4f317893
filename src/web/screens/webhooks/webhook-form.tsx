import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactNode } from 'react';
import { ApiError, graphql } from '../../api/client.js';
import { EVENT_TYPES, type EventType } from '../../api/webhooks.js';
import { words } from '../../components/format.js';
import { Failure, Loading } from '../../components/notice.js';
import { shortType } from './health.js';

export interface WebhookValues {
  readonly name: string;
  readonly url: string;
  readonly eventTypes: readonly string[] | null;
}

const entityOf = ({ type }: EventType): string => shortType(type).split('.')[0]!;

function Events({ types, chosen }: { types: readonly EventType[]; chosen: readonly string[] }): ReactNode {
  const entities = [...new Set(types.map(entityOf))];
  return entities.map((entity) => (
    <fieldset key={entity}>
      <legend>{words(entity)}</legend>
      {types.filter((type) => entityOf(type) === entity).map(({ type, about }) => (
        <label key={type} className="choice">
          <input type="checkbox" name="event" value={type} defaultChecked={chosen.includes(type)} />
          <span><code>{shortType(type)}</code><span className="quiet block">{about}</span></span>
        </label>
      ))}
    </fieldset>
  ));
}

/** What an endpoint is made of. */
export function WebhookForm({ values, action, pending, error, onSubmit, children }: {
  values: WebhookValues; action: string; pending: boolean; error: Error | null; onSubmit: (values: WebhookValues) => void; children?: ReactNode;
}): ReactNode {
  const { data, error: failure } = useQuery({ queryKey: ['webhook-event-types'], queryFn: () => graphql<{ webhookEventTypes: readonly EventType[] }>(EVENT_TYPES) });
  const [isAll, setAll] = useState(values.eventTypes === null);
  const [missing, setMissing] = useState(false);
  const field = error instanceof ApiError ? error.field : null;
  const problem = (name: string): ReactNode => field === name && <span className="field-error" role="alert" id={`problem-${name}`}>{error?.message}</span>;
  const invalid = (name: string): object => (field === name ? { 'aria-invalid': true, 'aria-describedby': `problem-${name}` } : {});
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const events = form.getAll('event').map(String);
    setMissing(!isAll && events.length === 0);
    if (isAll || events.length > 0) onSubmit({ name: String(form.get('name')), url: String(form.get('url')), eventTypes: isAll ? null : events });
  };
  if (failure) return <Failure error={failure} />;
  if (!data) return <Loading rows={4} />;
  return (
    <form className="form card form-wide" onSubmit={submit}>
      <label>Name<input name="name" required maxLength={100} autoFocus defaultValue={values.name} placeholder="Payroll" {...invalid('name')} />{problem('name')}</label>
      <label>Address<input name="url" type="url" required maxLength={2_000} defaultValue={values.url} placeholder="https://example.com/perch" {...invalid('url')} />{problem('url')}</label>
      <div role="radiogroup" aria-label="Events" className="form">
        <label className="choice"><input type="radio" name="which" checked={isAll} onChange={() => setAll(true)} /> All events, also those that Perch will learn later</label>
        <label className="choice"><input type="radio" name="which" checked={!isAll} onChange={() => setAll(false)} /> Only these</label>
      </div>
      {!isAll && <Events types={data.webhookEventTypes} chosen={values.eventTypes ?? []} />}
      {missing && <p className="field-error" role="alert">Choose at least one event.</p>}
      {error && field !== 'name' && field !== 'url' && <Failure error={error} />}
      <p className="actions">
        <button type="submit" className="button button-main" disabled={pending}>{action}</button>
        {children}
      </p>
    </form>
  );
}
