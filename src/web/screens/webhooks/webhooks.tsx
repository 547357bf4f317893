import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { graphql } from '../../api/client.js';
import { WEBHOOKS, type WebhookLine, type WebhooksData } from '../../api/webhooks.js';
import { number } from '../../components/format.js';
import { Empty, Failure, Loading } from '../../components/notice.js';
import { useMay } from '../../components/use-viewer.js';
import { useTitle } from '../../components/use-title.js';
import { HealthBadge, healthText } from './health.js';

const POLL_MS = 15_000;

function Line({ webhook }: { webhook: WebhookLine }): ReactNode {
  const { id, name, url, eventTypes, deliveryCounts: { delivered, failed, pending } } = webhook;
  return (
    <tr>
      <th scope="row"><Link to={`/settings/webhooks/${id}`}>{name}</Link><span className="quiet block break">{url}</span></th>
      <td>{eventTypes === null ? 'All' : eventTypes.length === 1 ? '1 event' : `${eventTypes.length} events`}</td>
      <td><HealthBadge webhook={webhook} /><span className="quiet block">{healthText(webhook)}</span></td>
      <td className="number">{number(delivered)}</td>
      <td className={`number${failed > 0 ? ' bad' : ''}`}>{number(failed)}</td>
      <td className="number">{number(pending)}</td>
    </tr>
  );
}

/** The endpoints outside that are told of events, and how they do. */
export default function Webhooks(): ReactNode {
  useTitle('Webhooks');
  const mayManage = useMay('webhooks.manage');
  const { data, error, refetch } = useQuery({ queryKey: ['webhooks'], refetchInterval: POLL_MS, queryFn: () => graphql<WebhooksData>(WEBHOOKS) });
  const webhooks = data?.webhooks;
  const create = mayManage ? <Link className="button button-main" to="/settings/webhooks/new">New webhook</Link> : null;
  return (
    <>
      <div className="title-row"><h1>Webhooks</h1>{webhooks && webhooks.length > 0 && create}</div>
      <p className="quiet">Perch tells other systems what happens here: it sends a signed message to each address that you enter.</p>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {!error && !webhooks && <Loading rows={3} />}
      {webhooks?.length === 0 && <Empty title="No webhooks yet"><p>Make one for a system that should know when somebody applies, moves on or is hired.</p><p>{create}</p></Empty>}
      {webhooks && webhooks.length > 0 && (
        <div className="table-scroll" role="region" aria-label="Webhooks" tabIndex={0}>
          <table>
            <caption className="visually-hidden">Webhooks, with the deliveries of the last seven days</caption>
            <thead>
              <tr><th scope="col">Webhook</th><th scope="col">Events</th><th scope="col">Health</th><th scope="col" className="number">Delivered</th><th scope="col" className="number">Failed</th><th scope="col" className="number">On its way</th></tr>
            </thead>
            <tbody>{webhooks.map((webhook) => <Line key={webhook.id} webhook={webhook} />)}</tbody>
          </table>
        </div>
      )}
      {webhooks && webhooks.length > 0 && <p className="quiet">Numbers are those of the last seven days.</p>}
    </>
  );
}
