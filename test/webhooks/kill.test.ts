import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { CRON_SECRET, startPerch, type Perch } from '../support/perch.js';
import { Receiver } from './receiver.js';

const CREATE = 'mutation ($input: WebhookInput!) { createWebhook(input: $input) { webhook { id } } }';

describe('a process killed while it delivers', () => {
  let perch: Perch;
  let receiver: Receiver;

  beforeAll(async () => {
    receiver = await Receiver.open();
    perch = await startPerch('process', async () => ({ PERCH_OUTBOUND_ALLOWED_ORIGINS: receiver.origin }));
  });
  afterAll(async () => {
    await perch.stop();
    await receiver.close();
  });

  it('is followed by the same message', async () => {
    const owner = await new Client(perch.address).signIn();
    receiver.answer = () => undefined;
    const { data } = await owner.graphql<{ createWebhook: { webhook: { id: string } } }>(CREATE, { input: { name: 'killed', url: receiver.origin, eventTypes: ['io.perch.application.submitted'] } });
    const [candidate] = await perch.database.query<{ id: string }>('SELECT id FROM candidate ORDER BY id LIMIT 1');
    const { body: opening } = await owner.post('/api/v1/job-openings', { title: 'Kill tester', description: 'Kills.' });
    expect((await owner.post('/api/v1/applications', { candidateId: candidate!.id, jobOpeningId: (opening as { id: string }).id })).status).toBe(201);
    const [first] = await eventually('the message arrived', async () => receiver.messages.length > 0 && receiver.take());
    await perch.kill();
    receiver.answerWith();
    await perch.database.query("UPDATE background_job SET lease_until = now() - interval '1 second' WHERE type = 'deliverWebhook' AND state = 'running'");
    await perch.restart();
    await owner.get('/api/scheduled-job?task=process-pending').set('authorization', `Bearer ${CRON_SECRET}`);
    const [second] = await eventually('the message came again', async () => receiver.messages.length > 0 && receiver.take());
    expect([second!.headers['webhook-id'], second!.body]).toEqual([first!.headers['webhook-id'], first!.body]);
    await eventually('the delivery was noted', async () => (await perch.database.query("SELECT 1 FROM webhook_delivery WHERE webhook_id = $1 AND state = 'delivered'", [data.createWebhook.webhook.id])).length === 1);
    expect(await perch.database.query('SELECT count(*)::int AS count FROM webhook_delivery')).toEqual([{ count: 1 }]);
  });
});
