import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useNavigate } from 'react-router';
import { graphql } from '../../api/client.js';
import { DELETE_WEBHOOK, DISABLE_WEBHOOK, ENABLE_WEBHOOK, ROTATE_SECRET, SEND_TEST, type WebhookDetail, type WithSecret } from '../../api/webhooks.js';
import { Confirmation } from '../../components/confirmation.js';
import { Failure } from '../../components/notice.js';
import { useToast } from '../../components/toast.js';

/** A mutation about the endpoint that says what has happened. */
function useChange(id: string): { change: (query: string, done: string, undo?: readonly [string, string]) => void; isPending: boolean } {
  const queryClient = useQueryClient();
  const tell = useToast();
  const { mutate, isPending } = useMutation({
    mutationFn: ({ query }: { query: string; done: string; undo?: readonly [string, string] | undefined }) => graphql(query, { id }),
    onSuccess: async (_, { done, undo }) => {
      tell(done, undo && (() => mutate({ query: undo[0], done: undo[1] })));
      await queryClient.invalidateQueries({ queryKey: ['webhooks'] });
    },
    onError: (error) => tell(error.message),
  });
  return { change: (query, done, undo) => mutate({ query, done, undo }), isPending };
}

function Rotate({ id, onSecret, onClose }: { id: string; onSecret: (secret: string) => void; onClose: () => void }): ReactNode {
  const queryClient = useQueryClient();
  const { mutate, error, isPending } = useMutation({
    mutationFn: () => graphql<{ rotateWebhookSecret: WithSecret }>(ROTATE_SECRET, { id }),
    onSuccess: ({ rotateWebhookSecret }) => {
      onSecret(rotateWebhookSecret.secret);
      return queryClient.invalidateQueries({ queryKey: ['webhooks'] });
    },
  });
  return (
    <Confirmation title="Make a new secret?" action="Make a new secret" pending={isPending} onClose={onClose} onConfirm={() => mutate()}>
      <p>For 24 hours Perch signs every message with the new secret and with the one before, so that nothing is refused while you change your system. After that only the new one holds.</p>
      {error && <Failure error={error} />}
    </Confirmation>
  );
}

function Delete({ webhook: { id, name }, onClose }: { webhook: WebhookDetail; onClose: () => void }): ReactNode {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const tell = useToast();
  const { mutate, error, isPending } = useMutation({
    mutationFn: () => graphql(DELETE_WEBHOOK, { id }),
    onSuccess: async () => {
      tell(`${name} is deleted.`);
      await navigate('/settings/webhooks');
      await queryClient.invalidateQueries({ queryKey: ['webhooks'] });
    },
  });
  return (
    <Confirmation title={`Delete ${name}?`} action="Delete" bad pending={isPending} onClose={onClose} onConfirm={() => mutate()}>
      <p>Perch sends it nothing more, and its log is deleted. This cannot be undone; to stop for a while, disable it.</p>
      {error && <Failure error={error} />}
    </Confirmation>
  );
}

/** What can be done with an endpoint. */
export function WebhookActions({ webhook, onEdit, onSecret }: { webhook: WebhookDetail; onEdit: () => void; onSecret: (secret: string) => void }): ReactNode {
  const [asking, setAsking] = useState<'rotate' | 'delete' | null>(null);
  const { change, isPending } = useChange(webhook.id);
  const isEnabled = webhook.state === 'enabled';
  const close = (): void => setAsking(null);
  return (
    <div className="actions">
      {isEnabled && <button type="button" className="button button-main" disabled={isPending} onClick={() => change(SEND_TEST, 'A test event is on its way.')}>Send a test event</button>}
      {!isEnabled && <button type="button" className="button button-main" disabled={isPending} onClick={() => change(ENABLE_WEBHOOK, 'Enabled.')}>Enable</button>}
      <button type="button" className="button" onClick={onEdit}>Edit</button>
      <button type="button" className="button" onClick={() => setAsking('rotate')}>New secret…</button>
      {isEnabled && <button type="button" className="button" disabled={isPending} onClick={() => change(DISABLE_WEBHOOK, 'Disabled: it gets nothing more.', [ENABLE_WEBHOOK, 'Enabled again.'])}>Disable</button>}
      <button type="button" className="button" onClick={() => setAsking('delete')}>Delete…</button>
      {asking === 'rotate' && <Rotate id={webhook.id} onClose={close} onSecret={(secret) => { close(); onSecret(secret); }} />}
      {asking === 'delete' && <Delete webhook={webhook} onClose={close} />}
    </div>
  );
}
