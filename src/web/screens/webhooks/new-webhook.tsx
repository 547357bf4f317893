import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link, useNavigate } from 'react-router';
import { graphql } from '../../api/client.js';
import { CREATE_WEBHOOK, type WithSecret } from '../../api/webhooks.js';
import { useTitle } from '../../components/use-title.js';
import { ShownSecret } from './shown-secret.js';
import { WebhookForm, type WebhookValues } from './webhook-form.js';

const EMPTY: WebhookValues = { name: '', url: '', eventTypes: null };

/** Makes an endpoint, and then shows its secret. */
export default function NewWebhook(): ReactNode {
  useTitle('New webhook');
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const { mutate, data, error, isPending } = useMutation({
    mutationFn: (input: WebhookValues) => graphql<{ createWebhook: WithSecret }>(CREATE_WEBHOOK, { input }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['webhooks'] }),
  });
  const made = data?.createWebhook;
  return (
    <>
      <p className="crumb"><Link to="/settings/webhooks">All webhooks</Link></p>
      <h1>New webhook</h1>
      {made
        ? <ShownSecret secret={made.secret} onDone={() => void navigate(`/settings/webhooks/${made.webhook.id}`)}><p>Then send a test event to see whether it arrives.</p></ShownSecret>
        : <WebhookForm values={EMPTY} action={isPending ? 'Making…' : 'Make the webhook'} pending={isPending} error={error} onSubmit={mutate}><Link className="button" to="/settings/webhooks">Cancel</Link></WebhookForm>}
    </>
  );
}
