import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link, useParams } from 'react-router';
import { graphql } from '../../api/client.js';
import { DELIVERY_DETAIL, REPLAY, type Attempt, type DeliveryDetail } from '../../api/webhooks.js';
import { ahead, duration, second } from '../../components/format.js';
import { Empty, Failure, Loading } from '../../components/notice.js';
import { useAction } from '../../components/use-action.js';
import { useMay } from '../../components/use-viewer.js';
import { useTitle } from '../../components/use-title.js';
import { DeliveryBadge, shortType } from './health.js';

const POLL_MS = 2_000;

/** The body as it is sent, with line breaks for the eye. */
function pretty(body: string): string {
  return JSON.stringify(JSON.parse(body), null, 2);
}

function AttemptLine({ attempt: { number, at, durationMs, status, errorMessage, answer } }: { attempt: Attempt }): ReactNode {
  const succeeded = errorMessage === null;
  return (
    <li>
      <p className="part-head"><span>Attempt {number} <span className={`badge badge-${succeeded ? 'done' : 'dead'}`}>{status ?? 'No answer'}</span></span><span className="quiet">{second(at)}, took {duration(durationMs)}</span></p>
      {errorMessage && <p>{errorMessage}</p>}
      {answer && <details><summary>How the answer began</summary><pre className="json">{answer}</pre></details>}
    </li>
  );
}

function Detail({ delivery }: { delivery: DeliveryDetail }): ReactNode {
  const { id, webhookId, eventId, eventType, state, attempts, nextAttemptAt, body, createdAt, attemptLog } = delivery;
  const mayManage = useMay('webhooks.manage');
  const { run, isPending, error } = useAction();
  return (
    <>
      <p className="crumb"><Link to={`/settings/webhooks/${webhookId}`}>All deliveries of this webhook</Link></p>
      <div className="title-row">
        <h1>{shortType(eventType)} <DeliveryBadge state={state} /></h1>
        {mayManage && <button type="button" className="button button-main" disabled={isPending} onClick={() => run({ query: REPLAY, variables: { id }, done: 'It is on its way again.' })}>{state === 'pending' ? 'Send now' : 'Send again'}</button>}
      </div>
      {error && <Failure error={error} />}
      <section className="card" aria-label="Attempts">
        <h2>Attempts</h2>
        {nextAttemptAt && <p className="quiet">{attempts === 0 ? 'The first attempt is being made.' : `The next attempt comes ${ahead(nextAttemptAt)}.`}</p>}
        {attemptLog.length === 0 && !nextAttemptAt && <p className="quiet">None was made: the webhook was disabled.</p>}
        <ol className="parts">{attemptLog.map((attempt) => <AttemptLine key={attempt.number} attempt={attempt} />)}</ol>
      </section>
      <section className="card" aria-label="Message">
        <h2>Message</h2>
        <dl className="facts"><div><dt>webhook-id</dt><dd><code>{eventId}</code></dd></div><div><dt>Made</dt><dd>{second(createdAt)}</dd></div></dl>
        <pre className="json" tabIndex={0} aria-label="The body">{pretty(body)}</pre>
      </section>
    </>
  );
}

/** One message to an endpoint: its body, and every attempt with what was answered. */
export default function Delivery(): ReactNode {
  const { delivery: id = '' } = useParams();
  const { data, error, refetch } = useQuery({
    queryKey: ['webhooks', 'delivery', id], queryFn: () => graphql<{ webhookDelivery: DeliveryDetail | null }>(DELIVERY_DETAIL, { id }),
    refetchInterval: ({ state }) => (state.data?.webhookDelivery?.state === 'pending' ? POLL_MS : false),
  });
  const delivery = data?.webhookDelivery;
  useTitle(delivery ? shortType(delivery.eventType) : 'Delivery');
  if (error) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading rows={4} />;
  if (!delivery) return <Empty title="This delivery is gone"><p>Deliveries are kept for 30 days. <Link to="/settings/webhooks">All webhooks</Link></p></Empty>;
  return <Detail delivery={delivery} />;
}
