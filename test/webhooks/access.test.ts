import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Webhook as Verifier } from 'standardwebhooks';
import { RestBench } from '../rest/rest-bench.js';
import { addMember } from '../support/background-job-rows.js';
import { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { DEMO, startPerch, type Perch, type Shape } from '../support/perch.js';
import { SHAPES } from '../support/shapes.js';
import { Receiver } from './receiver.js';

const READS = ['{ webhooks { id } }', 'query ($id: ID!) { webhook(id: $id) { id } }', '{ webhookDeliveries { totalCount } }', 'query ($delivery: ID!) { webhookDelivery(id: $delivery) { body } }', '{ webhookEventTypes { type } }'];
const CHANGES = [
  'mutation ($input: WebhookInput!) { createWebhook(input: $input) { secret } }', 'mutation ($id: ID!, $input: WebhookInput!) { updateWebhook(id: $id, version: 1, input: $input) { id } }',
  'mutation ($id: ID!) { rotateWebhookSecret(id: $id) { secret } }', 'mutation ($id: ID!) { disableWebhook(id: $id) { id } }', 'mutation ($id: ID!) { enableWebhook(id: $id) { id } }',
  'mutation ($id: ID!) { sendTestEvent(webhookId: $id) { id } }', 'mutation ($delivery: ID!) { replayDelivery(id: $delivery) { id } }',
  'mutation ($id: ID!) { replayFailedDeliveries(webhookId: $id, since: "2026-01-01T00:00:00Z") { id } }', 'mutation ($id: ID!) { deleteWebhook(id: $id) }',
];

describe.each<Shape>(SHAPES)('webhooks, in the shape %s', (shape) => {
  let perch: Perch;
  let receiver: Receiver;
  let owner: Client;
  let id: string;
  let secret: string;
  let delivery: string;

  beforeAll(async () => {
    receiver = await Receiver.open();
    perch = await startPerch(shape, async () => ({ PERCH_OUTBOUND_ALLOWED_ORIGINS: receiver.origin }));
    owner = await new Client(perch.address).signIn();
    const { data } = await owner.graphql<{ createWebhook: { webhook: { id: string }; secret: string } }>('mutation ($input: WebhookInput!) { createWebhook(input: $input) { webhook { id } secret } }', { input: { name: 'Ours', url: receiver.origin } });
    ({ webhook: { id }, secret } = data.createWebhook);
  });
  afterAll(async () => {
    await perch.stop();
    await receiver.close();
  });

  const codeOf = async (who: Client, query: string): Promise<string | undefined> =>
    (await who.graphql(query, Object.fromEntries(Object.entries({ id, delivery, input: { name: 'Theirs', url: receiver.origin } }).filter(([name]) => query.includes(`$${name}`))))).errors?.[0]?.extensions.code;

  it('are tried out with a test event', async () => {
    const { data } = await owner.graphql<{ sendTestEvent: { id: string; state: string } }>('mutation ($id: ID!) { sendTestEvent(webhookId: $id) { id state } }', { id });
    delivery = data.sendTestEvent.id;
    const [message] = await eventually('the test event arrived', async () => receiver.messages.length > 0 && receiver.take());
    expect(new Verifier(secret).verify(message!.body, message!.headers as Record<string, string>)).toMatchObject({ type: 'io.perch.webhook.test', data: { webhookId: id } });
    const shown = await eventually('the delivery was noted', async () => {
      const answer = await owner.graphql<{ webhookDelivery: { state: string } }>('query ($delivery: ID!) { webhookDelivery(id: $delivery) { state attempts eventType attemptLog { number status errorCode answer } } }', { delivery });
      return answer.data.webhookDelivery.state !== 'pending' && answer.data.webhookDelivery;
    });
    expect(shown).toEqual({ state: 'delivered', attempts: 1, eventType: 'io.perch.webhook.test', attemptLog: [{ number: 1, status: 204, errorCode: null, answer: '' }] });
    const listed = await owner.graphql('{ webhooks { name state eventTypes deliveryCounts { pending delivered failed } } }');
    expect(listed.data).toEqual({ webhooks: [{ name: 'Ours', state: 'enabled', eventTypes: null, deliveryCounts: { pending: 0, delivered: 1, failed: 0 } }] });
  });

  it('are for administrators', async () => {
    for (const role of ['recruiter', 'hiring_manager', 'interviewer']) {
      const member = await new Client(perch.address).signIn((await addMember(perch.database, role, await workspace())).email, DEMO.password);
      expect(new Set(await Promise.all([...READS, ...CHANGES].map((query) => codeOf(member, query))))).toEqual(new Set(['FORBIDDEN']));
    }
    const stranger = await Promise.all([...READS, ...CHANGES].map((query) => codeOf(new Client(perch.address), query)));
    expect(new Set(stranger)).toEqual(new Set(['UNAUTHENTICATED']));
    const admin = await new Client(perch.address).signIn((await addMember(perch.database, 'admin', await workspace())).email, DEMO.password);
    expect(await Promise.all(READS.map((query) => codeOf(admin, query)))).toEqual(READS.map(() => undefined));
  });

  it('are closed to other workspaces', async () => {
    const { email } = await addMember(perch.database, 'owner');
    const stranger = await new Client(perch.address).signIn(email, DEMO.password);
    const seen = await stranger.graphql('query ($id: ID!, $delivery: ID!) { webhooks { id } webhook(id: $id) { id } webhookDelivery(id: $delivery) { id } webhookDeliveries { totalCount } }', { id, delivery });
    expect(seen.data).toEqual({ webhooks: [], webhook: null, webhookDelivery: null, webhookDeliveries: { totalCount: 0 } });
    expect(await Promise.all(CHANGES.slice(1).map((query) => codeOf(stranger, query)))).toEqual(CHANGES.slice(1).map(() => 'NOT_FOUND'));
  });

  it('are changed by programs with the scope', async () => {
    const [reader, manager, other] = [await RestBench.withScopes(owner, ['webhooks.read']), await RestBench.withScopes(owner, ['webhooks.read', 'webhooks.manage']), await RestBench.withScopes(owner, ['companies.read'])];
    const body = { name: 'By a program', url: `${receiver.origin}/program`, eventTypes: ['io.perch.offer.created'] };
    expect([(await other.get('/webhooks')).status, (await reader.get('/webhooks')).status, (await reader.post('/webhooks', body)).body]).toEqual([403, 200, expect.objectContaining({ status: 403, permission: 'webhooks.manage' })]);
    const made = await manager.post('/webhooks', body, { 'idempotency-key': 'one' });
    expect([made.status, made.body['secret'], made.headers['location']]).toEqual([201, expect.stringMatching(/^whsec_/), `/api/v1/webhooks/${String(made.body['id'])}`]);
    expect((await reader.get(`/webhooks/${String(made.body['id'])}`)).body).not.toHaveProperty('secret');
  });

  it('show their secret once', async () => {
    const manager = await RestBench.withScopes(owner, ['webhooks.read', 'webhooks.manage']);
    const body = { name: 'Once', url: `${receiver.origin}/once`, eventTypes: ['io.perch.offer.created'] };
    const [first, second] = [await manager.post('/webhooks', body, { 'idempotency-key': 'twice' }), await manager.post('/webhooks', body, { 'idempotency-key': 'twice' })];
    expect([first.status, first.body['secret']]).toEqual([201, expect.stringMatching(/^whsec_/)]);
    expect([second.status, second.body]).toEqual([201, { ...first.body, secret: null }]);
    const kept = await perch.database.query<{ text: string }>("SELECT k::text AS text FROM idempotency_key k WHERE response->>'name' = 'Once'");
    expect(kept).toHaveLength(1);
    expect(kept[0]!.text).not.toContain('whsec_');
  });

  it('say what is wrong with them', async () => {
    const attempt = async (input: object): Promise<unknown> => {
      const { errors } = await owner.graphql('mutation ($input: WebhookInput!) { createWebhook(input: $input) { secret } }', { input });
      return errors?.map(({ extensions }) => [extensions.code, (extensions as { field?: string }).field])[0];
    };
    const url = receiver.origin;
    expect([
      await attempt({ name: 'ours', url }), await attempt({ name: '', url }), await attempt({ name: 'a\nb', url }), await attempt({ name: 'x', url: 'https://169.254.169.254/' }),
      await attempt({ name: 'x', url, eventTypes: [] }), await attempt({ name: 'x', url, eventTypes: ['io.perch.password.read'] }), await attempt({ name: 'x', url, eventTypes: ['io.perch.webhook.test'] }),
    ]).toEqual([['NAME_TAKEN', 'name'], ['INVALID_INPUT', 'name'], ['INVALID_INPUT', 'name'], ['TARGET_REFUSED', 'url'], ['INVALID_INPUT', 'eventTypes'], ['INVALID_INPUT', 'eventTypes'], ['INVALID_INPUT', 'eventTypes']]);
  });

  it('are changed by whoever has seen them', async () => {
    const update = async (version: number): Promise<unknown> => (await owner.graphql('mutation ($id: ID!, $version: Int!, $input: WebhookInput!) { updateWebhook(id: $id, version: $version, input: $input) { name } }',
      { id, version, input: { name: `Ours ${version}`, url: receiver.origin } })).errors?.[0]?.extensions.code;
    expect([await update(1), await update(1)]).toEqual([undefined, 'VERSION_CONFLICT']);
    const { data } = await owner.graphql('query ($id: ID!) { webhook(id: $id) { name version } }', { id });
    expect(data).toEqual({ webhook: { name: 'Ours 1', version: 2 } });
  });

  const workspace = async (): Promise<string> => (await perch.database.query<{ id: string }>("SELECT id FROM workspace WHERE slug = 'demo'"))[0]!.id;
});
