import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Webhook as Verifier } from 'standardwebhooks';
import { systemContext } from '../../src/common/request-context.js';
import { ApplicationService } from '../../src/features/recruiting/applications/application.service.js';
import { Database } from '../../src/infrastructure/database/database.js';
import type { Team } from '../support/office.js';
import type { ReceivedMessage } from './receiver.js';
import { WebhookBench } from './webhook-bench.js';

const SUBMITTED = 'io.perch.application.submitted';
const REJECTED = 'io.perch.application.rejected';

const verify = (secret: string, { headers, body }: ReceivedMessage): unknown => new Verifier(secret).verify(body, headers as Record<string, string>);
const parsed = ({ body }: ReceivedMessage): Record<string, unknown> => JSON.parse(body) as Record<string, unknown>;

describe('an event outside', () => {
  let bench: WebhookBench;

  beforeAll(async () => {
    bench = await WebhookBench.open();
  });
  beforeEach(() => bench.clear());
  afterAll(() => bench.close());

  const reject = (applicationId: string): Promise<unknown> => bench.office.get(ApplicationService).reject(bench.team.as('rita'), applicationId, 'Too expensive, and rude on the phone');

  it('is a CloudEvent that the standard verifies', async () => {
    const { webhook, secret } = await bench.create('all');
    const applicationId = await bench.team.applicant('Ada Example');
    await bench.deliver();
    const [message] = bench.receiver.take();
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(message).toMatchObject({ path: '/all', headers: { 'content-type': 'application/cloudevents+json; charset=utf-8' } });
    const event = verify(secret, message!) as Record<string, unknown>;
    expect(event).toEqual({
      specversion: '1.0', id: message!.headers['webhook-id'], source: `/workspaces/${bench.team.workspaceId}`, type: SUBMITTED, subject: applicationId,
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/), datacontenttype: 'application/json',
      data: {
        applicationId, candidateId: expect.any(String), jobOpeningId: expect.any(String), status: 'active', source: 'careers', appliedAt: expect.any(String),
        stage: { id: expect.any(String), name: expect.any(String), category: 'applied' },
      },
    });
    expect(await bench.row()).toMatchObject({ webhookId: webhook.id, eventId: event['id'], state: 'delivered', attempts: 1, nextAttemptAt: null });
    expect(() => verify(secret, { ...message!, body: message!.body.replace('active', 'hired') })).toThrow(/signature/);
    expect(() => verify('whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD', message!)).toThrow(/signature/);
  });

  it('tells nothing that a person wrote', async () => {
    await bench.create('all');
    await reject(await bench.team.applicant('Grace Private'));
    await bench.deliver();
    const bodies = bench.receiver.take().map(({ body }) => body).join('\n');
    expect(bodies).toContain(REJECTED);
    expect(bodies).not.toMatch(/Grace|@|rude|resume/);
  });

  it('goes to those who want it', async () => {
    const submitted = await bench.create('submitted', [SUBMITTED]);
    await bench.create('rejected', [REJECTED]);
    await bench.create('all');
    const applicationId = await bench.team.applicant();
    await bench.deliver();
    expect(bench.receiver.take().map(({ path }) => path).sort()).toEqual(['/all', '/submitted']);
    await bench.office.call(bench.team.as('olga'), (context) => bench.service.update(context, submitted.webhook.id, 1, { name: 'submitted', url: submitted.webhook.url, eventTypes: [REJECTED] }));
    await reject(applicationId);
    await bench.deliver();
    expect(bench.receiver.take().map((message) => [message.path, parsed(message)['type']]).sort()).toEqual([['/all', REJECTED], ['/rejected', REJECTED], ['/submitted', REJECTED]]);
  });

  it('has one id for all endpoints', async () => {
    await bench.create('one');
    await bench.create('two');
    await bench.team.applicant();
    await bench.deliver();
    const messages = bench.receiver.take();
    expect(messages).toHaveLength(2);
    expect(new Set(messages.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(await bench.office.database.query('SELECT type FROM domain_event WHERE id = $1', [messages[0]!.headers['webhook-id']])).toEqual([{ type: 'application.submitted' }]);
  });

  it('stays in its workspace', async () => {
    const other: Team = await bench.office.team('neighbours');
    await other.member('olga', 'owner');
    await bench.create('ours');
    const { webhook } = await bench.create('theirs', null, other);
    await bench.team.applicant();
    await bench.deliver();
    expect(bench.receiver.take().map(({ path }) => path)).toEqual(['/ours']);
    await expect(bench.webhook(webhook.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const theirs = await bench.office.call(other.as('olga'), (context) => bench.deliveries.list(context, {}, {}));
    expect(theirs.nodes).toEqual([]);
  });

  it('that was rolled back is not sent', async () => {
    await bench.create('all');
    const context = systemContext(bench.team.workspaceId);
    const applicationId = await bench.team.applicant();
    await bench.deliver();
    bench.receiver.take();
    await expect(bench.office.get(Database).write(context, async () => {
      await bench.office.get(ApplicationService).withdraw(context, applicationId, 'Another job');
      throw new Error('too late');
    })).rejects.toThrow('too late');
    await bench.deliver();
    expect(bench.receiver.take()).toEqual([]);
    expect(await bench.rows()).toHaveLength(1);
  });

  it('does not go to removed or disabled endpoints', async () => {
    const [kept, disabled, deleted] = [await bench.create('kept'), await bench.create('disabled'), await bench.create('deleted')];
    const olga = bench.team.as('olga');
    const applicationId = await bench.team.applicant();
    await bench.office.call(olga, (context) => bench.service.disable(context, disabled.webhook.id));
    await bench.office.call(bench.team.as('olga'), (context) => bench.service.delete(context, deleted.webhook.id));
    await reject(applicationId);
    await bench.deliver();
    expect(bench.receiver.take().map(({ path }) => path)).toEqual(['/kept', '/kept']);
    const rows = (await bench.rows()).map(({ webhookId, type, state, attempts }) => [webhookId, type, state, attempts]);
    expect(new Set(rows)).toEqual(new Set([[kept.webhook.id, SUBMITTED, 'delivered', 1], [disabled.webhook.id, SUBMITTED, 'failed', 0], [kept.webhook.id, REJECTED, 'delivered', 1]]));
  });

  it('is signed twice while a secret is replaced', async () => {
    const { webhook, secret } = await bench.create('rotating');
    const rotated = await bench.office.call(bench.team.as('olga'), (context) => bench.service.rotateSecret(context, webhook.id));
    const received = async (): Promise<ReceivedMessage> => {
      await bench.sendTest(webhook.id);
      await bench.deliver();
      return bench.receiver.take()[0]!;
    };
    const signatures = ({ headers }: ReceivedMessage): number => String(headers['webhook-signature']).split(' ').length;
    const during = await received();
    expect(signatures(during)).toBe(2);
    expect([verify(secret, during), verify(rotated.secret, during)]).toEqual([parsed(during), parsed(during)]);
    expect((await bench.webhook(webhook.id)).previousSecretUntil!.getTime() - bench.now().getTime()).toBeGreaterThan(86_300_000);
    // The verifier compares with its own clock, so the end of the window is moved instead of the time.
    await bench.office.database.query('UPDATE webhook SET previous_secret_until = now() WHERE id = $1', [webhook.id]);
    const after = await received();
    expect(signatures(after)).toBe(1);
    expect(verify(rotated.secret, after)).toEqual(parsed(after));
    expect(() => verify(secret, after)).toThrow(/signature/);
  });

  it('leaves no secret readable', async () => {
    const { webhook, secret } = await bench.create('secretive');
    await bench.office.call(bench.team.as('olga'), (context) => bench.service.rotateSecret(context, webhook.id));
    const [row] = await bench.office.database.query<{ text: string }>('SELECT w::text AS text FROM webhook w');
    expect(row!.text).toMatch(/v1\.[0-9a-f]{16}\./);
    expect(row!.text).not.toContain(secret.slice(6, 20));
    const audits = await bench.office.database.query<{ action: string; text: string }>("SELECT action, a::text AS text FROM audit_event a WHERE object_id = $1 ORDER BY id", [webhook.id]);
    expect(audits.map(({ action }) => action)).toEqual(['webhook.create', 'webhook.rotate_secret']);
    expect(audits.map(({ text }) => text).join()).not.toMatch(/whsec_|\/secretive/);
  });
});
