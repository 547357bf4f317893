import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Link, useParams } from 'react-router';
import { graphql } from '../../api/client.js';
import { UPDATE_WEBHOOK, WEBHOOK, type WebhookData, type WebhookDetail } from '../../api/webhooks.js';
import { minute } from '../../components/format.js';
import { Empty, Failure, Loading } from '../../components/notice.js';
import { useToast } from '../../components/toast.js';
import { useMay } from '../../components/use-viewer.js';
import { useTitle } from '../../components/use-title.js';
import { Deliveries } from './deliveries.js';
import { HealthBadge, healthText, shortType } from './health.js';
import { ReplayFailed } from './replay-failed.js';
import { ShownSecret } from './shown-secret.js';
import { WebhookActions } from './webhook-actions.js';
import { WebhookForm, type WebhookValues } from './webhook-form.js';

const POLL_MS = 5_000;

function Facts({ webhook: { url, eventTypes, previousSecretUntil } }: { webhook: WebhookDetail }): ReactNode {
  const rotating = previousSecretUntil !== null && new Date(previousSecretUntil) > new Date();
  return (
    <section className="card" aria-label="Facts">
      <dl className="facts">
        <div><dt>Address</dt><dd><code>{url}</code></dd></div>
        <div><dt>Events</dt><dd>{eventTypes === null ? 'All' : <ul className="tags">{eventTypes.map((type) => <li key={type}>{shortType(type)}</li>)}</ul>}</dd></div>
        <div><dt>Secret</dt><dd>{rotating ? `Until ${minute(previousSecretUntil)} messages are signed with the secret before as well.` : 'Shown once, when it was made.'}</dd></div>
      </dl>
    </section>
  );
}

function Edit({ webhook, onEnd }: { webhook: WebhookDetail; onEnd: () => void }): ReactNode {
  const queryClient = useQueryClient();
  const tell = useToast();
  const { mutate, error, isPending } = useMutation({
    mutationFn: (input: WebhookValues) => graphql(UPDATE_WEBHOOK, { id: webhook.id, version: webhook.version, input }),
    onSuccess: async () => {
      tell('Saved.');
      await queryClient.invalidateQueries({ queryKey: ['webhooks'] });
      onEnd();
    },
  });
  return (
    <WebhookForm values={webhook} action={isPending ? 'Saving…' : 'Save'} pending={isPending} error={error} onSubmit={mutate}>
      <button type="button" className="button" onClick={onEnd}>Cancel</button>
    </WebhookForm>
  );
}

function Detail({ webhook }: { webhook: WebhookDetail }): ReactNode {
  const mayManage = useMay('webhooks.manage');
  const [editing, setEditing] = useState<WebhookDetail | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const trouble = webhook.state === 'disabled' || webhook.failingSince !== null;
  return (
    <>
      <p className="crumb"><Link to="/settings/webhooks">All webhooks</Link></p>
      <div className="title-row">
        <h1>{webhook.name} <HealthBadge webhook={webhook} /></h1>
        {mayManage && <WebhookActions webhook={webhook} onEdit={() => setEditing(webhook)} onSecret={setSecret} />}
      </div>
      {trouble && <p className={`notice ${webhook.state === 'disabled' && webhook.disabledReason === 'by_member' ? 'notice-plain' : 'notice-bad'}`}>{healthText(webhook)}</p>}
      {secret !== null && <ShownSecret secret={secret} onDone={() => setSecret(null)}><p>For 24 hours messages are signed with it and with the secret before.</p></ShownSecret>}
      {editing ? <Edit webhook={editing} onEnd={() => setEditing(null)} /> : <Facts webhook={webhook} />}
      <div className="title-row"><h2 className="grow">Deliveries</h2>{mayManage && webhook.state === 'enabled' && <ReplayFailed webhookId={webhook.id} />}</div>
      <Deliveries webhookId={webhook.id} />
    </>
  );
}

/** One endpoint: how it does, what may be done, and the log of what was sent to it. */
export default function WebhookPage(): ReactNode {
  const { id = '' } = useParams();
  const { data, error, refetch } = useQuery({ queryKey: ['webhooks', id], refetchInterval: POLL_MS, queryFn: () => graphql<WebhookData>(WEBHOOK, { id }) });
  useTitle(data?.webhook?.name ?? 'Webhook');
  if (error) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading rows={5} />;
  if (!data.webhook) return <Empty title="There is no such webhook"><p>It may have been deleted. <Link to="/settings/webhooks">All webhooks</Link></p></Empty>;
  return <Detail webhook={data.webhook} />;
}
