import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link, useSearchParams } from 'react-router';
import { graphql } from '../../api/client.js';
import { DELIVERIES, type DeliveriesData, type DeliveryLine } from '../../api/webhooks.js';
import { ahead, minute } from '../../components/format.js';
import { Empty, Failure, Loading } from '../../components/notice.js';
import { DELIVERY_STATES, DeliveryBadge, shortType } from './health.js';

const POLL_MS = 3_000;

function Line({ webhookId, delivery: { id, eventType, state, attempts, nextAttemptAt, createdAt } }: { webhookId: string; delivery: DeliveryLine }): ReactNode {
  return (
    <tr>
      <th scope="row"><Link to={`/settings/webhooks/${webhookId}/deliveries/${id}`}>{shortType(eventType)}</Link></th>
      <td><DeliveryBadge state={state} />{state === 'pending' && attempts > 0 && nextAttemptAt && <span className="quiet block">Next attempt {ahead(nextAttemptAt)}</span>}</td>
      <td className="number">{attempts}</td>
      <td className="number">{minute(createdAt)}</td>
    </tr>
  );
}

/** What was sent to an endpoint, newest first. */
export function Deliveries({ webhookId }: { webhookId: string }): ReactNode {
  const [parameters, setParameters] = useSearchParams();
  const [state, after] = [parameters.get('state'), parameters.get('after')];
  const { data, error, refetch } = useQuery({
    queryKey: ['webhooks', webhookId, 'deliveries', state, after], placeholderData: keepPreviousData, refetchInterval: POLL_MS,
    queryFn: () => graphql<DeliveriesData>(DELIVERIES, { id: webhookId, state, after }),
  });
  if (error) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading rows={4} />;
  const { nodes, pageInfo: { endCursor, hasNextPage } } = data.webhookDeliveries;
  return (
    <>
      <nav className="tabs" aria-label="State of deliveries">
        <Link to="?" aria-current={state === null ? 'page' : undefined}>All</Link>
        {DELIVERY_STATES.map(([value, label]) => <Link key={value} to={`?state=${value}`} aria-current={state === value ? 'page' : undefined}>{label}</Link>)}
      </nav>
      {nodes.length === 0 && <Empty title="Nothing here"><p>What Perch sends appears here and is kept for 30 days.</p></Empty>}
      {nodes.length > 0 && (
        <div className="table-scroll" role="region" aria-label="Deliveries" tabIndex={0}>
          <table>
            <thead><tr><th scope="col">Event</th><th scope="col">State</th><th scope="col" className="number">Attempts</th><th scope="col" className="number">When</th></tr></thead>
            <tbody>{nodes.map((delivery) => <Line key={delivery.id} webhookId={webhookId} delivery={delivery} />)}</tbody>
          </table>
        </div>
      )}
      {hasNextPage && <button type="button" className="button" onClick={() => setParameters({ ...(state ? { state } : {}), after: endCursor! })}>Older</button>}
    </>
  );
}
