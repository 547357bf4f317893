import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { readRetryAfter } from '../../src/platform/webhooks/delivery-outcome.js';
import { WebhookBench } from './webhook-bench.js';

const [SECOND, MINUTE, HOUR, DAY] = [1_000, 60_000, 3_600_000, 86_400_000];
const DELAYS = [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 10 * HOUR];

describe('a receiver in trouble', () => {
  let bench: WebhookBench;

  beforeAll(async () => {
    bench = await WebhookBench.open();
  });
  beforeEach(() => bench.clear());
  afterAll(() => bench.close());

  const mails = (): Promise<{ to: string }[]> => bench.office.database.query(`SELECT to_address AS "to" FROM mail_message WHERE kind = 'webhook_disabled' AND subject_id IN (SELECT id FROM webhook) ORDER BY to_address`);
  const told = (): Promise<{ reason: string }[]> => bench.office.database.query(`SELECT body->>'reason' AS reason FROM notification WHERE kind = 'webhook_disabled' AND body->>'webhookId' IN (SELECT id::text FROM webhook)`);

  it('is asked again as it is written', async () => {
    const { webhook } = await bench.create('broken');
    bench.receiver.answerWith(...Array<number>(8).fill(500));
    await bench.team.applicant();
    await bench.deliver();
    const waits: number[] = [];
    for (let attempt = 2; attempt <= 8; attempt++) {
      expect(await bench.row()).toMatchObject({ state: 'pending', attempts: attempt - 1 });
      waits.push(await bench.nextAttempt());
    }
    for (const [index, wait] of waits.entries()) {
      expect(wait).toBeLessThanOrEqual(DELAYS[index]!);
      expect(wait).toBeGreaterThan(DELAYS[index]! * 0.9 - 3_000);
    }
    const row = await bench.row();
    expect(row).toMatchObject({ state: 'failed', attempts: 8, nextAttemptAt: null });
    expect(new Set(bench.receiver.take().map(({ headers, body }) => `${headers['webhook-id']} ${body}`)).size).toBe(1);
    const attempts = await bench.attempts(row.id);
    expect(attempts.map(({ number, status, errorCode, answer }) => [number, status, errorCode, answer])).toEqual(Array.from({ length: 8 }, (_, index) => [index + 1, 500, 'NOT_ACCEPTED', 'as it says']));
    expect(attempts[7]!.at.getTime() - attempts[0]!.at.getTime()).toBeGreaterThan(24 * HOUR);
    expect(await bench.webhook(webhook.id)).toMatchObject({ state: 'enabled', failingSince: attempts[0]!.at });
    // It is the receiver's failure, so that nobody who runs Perch is alarmed.
    expect(await bench.office.database.query("SELECT state FROM background_job WHERE type = 'deliverWebhook'")).toEqual([{ state: 'done' }]);
  });

  it('that recovers is forgiven', async () => {
    const { webhook } = await bench.create('recovering');
    bench.receiver.answerWith(503);
    await bench.team.applicant();
    await bench.deliver();
    expect((await bench.webhook(webhook.id)).failingSince).not.toBeNull();
    await bench.nextAttempt();
    expect(await bench.row()).toMatchObject({ state: 'delivered', attempts: 2 });
    expect((await bench.webhook(webhook.id)).failingSince).toBeNull();
  });

  it.each([[429, '7200', 2 * HOUR], [503, '99999999', 10 * HOUR], [500, '7200', 5 * SECOND]])('answering %i with Retry-After %s is heard', async (status, header, expected) => {
    await bench.create('busy');
    bench.receiver.answer = (_request, response) => response.writeHead(status, { 'retry-after': header }).end();
    await bench.team.applicant();
    await bench.deliver();
    const wait = (await bench.row()).nextAttemptAt!.getTime() - bench.now().getTime();
    expect(wait).toBeLessThanOrEqual(expected);
    expect(wait).toBeGreaterThan(expected * 0.9 - 3_000);
    bench.receiver.answerWith();
    expect(await bench.nextAttempt()).toBeGreaterThan(expected * 0.9 - 3_000);
  });

  it('may name a date to be left alone until', () => {
    const now = new Date('2026-01-31T12:00:00Z');
    expect([undefined, '60', 'soon', '', 'Sat, 31 Jan 2026 12:10:00 GMT', 'Sat, 31 Jan 2026 11:00:00 GMT', 'Sat, 31 Jan 2099 12:00:00 GMT'].map((header) => readRetryAfter(header, now)))
      .toEqual([null, MINUTE, null, null, 10 * MINUTE, 0, 10 * HOUR]);
  });

  it('that answers 410 is left alone', async () => {
    const { webhook } = await bench.create('gone');
    bench.receiver.answerWith(410);
    await bench.team.applicant();
    await bench.deliver();
    expect(await bench.row()).toMatchObject({ state: 'failed', attempts: 1 });
    expect(await bench.webhook(webhook.id)).toMatchObject({ state: 'disabled', disabledReason: 'gone' });
    await bench.team.applicant();
    expect(await bench.rows()).toHaveLength(1);
    expect(await mails()).toEqual([{ to: 'adam@webhooks.example' }, { to: 'olga@webhooks.example' }]);
    expect(await told()).toEqual([{ reason: 'gone' }, { reason: 'gone' }]);
  });

  it('for five days is disabled', async () => {
    const { webhook } = await bench.create('failing');
    bench.receiver.answerWith(...Array<number>(99).fill(500));
    const fail = async (): Promise<void> => {
      await bench.sendTest(webhook.id);
      await bench.deliver();
    };
    await fail();
    bench.advance(5 * DAY - HOUR);
    await fail();
    expect(await bench.webhook(webhook.id)).toMatchObject({ state: 'enabled' });
    expect(await told()).toEqual([]);
    bench.advance(2 * HOUR);
    await bench.team.applicant();
    await bench.deliver();
    expect(await bench.webhook(webhook.id)).toMatchObject({ state: 'disabled', disabledReason: 'failing' });
    expect(await mails()).toHaveLength(2);
    expect((await bench.rows()).map(({ state }) => state)).toEqual(['failed', 'failed', 'failed']);
    bench.receiver.answerWith();
    const enabled = await bench.office.call(bench.team.as('olga'), (context) => bench.service.enable(context, webhook.id));
    expect(enabled).toMatchObject({ state: 'enabled', disabledReason: null, failingSince: null });
    await fail();
    expect((await bench.rows()).at(-1)).toMatchObject({ state: 'delivered' });
  });

  it('now and then keeps its webhook', async () => {
    const { webhook } = await bench.create('flaky');
    for (const status of [500, 204, 500]) {
      bench.receiver.answerWith(status);
      await bench.sendTest(webhook.id);
      await bench.deliver();
      bench.advance(3 * DAY);
    }
    expect(await bench.webhook(webhook.id)).toMatchObject({ state: 'enabled' });
  });

  it('that is silent is given up in time', async () => {
    const { webhook } = await bench.create('silent');
    bench.receiver.answer = (_request, response) => setTimeout(() => response.writeHead(204).end(), 16 * SECOND).unref();
    const { id } = await bench.sendTest(webhook.id);
    await bench.deliver();
    const [attempt] = await bench.attempts(id);
    expect(attempt).toMatchObject({ status: null, errorCode: 'TIMED_OUT', answer: null });
    expect(attempt!.durationMs).toBeGreaterThan(14_900);
    expect(attempt!.durationMs).toBeLessThan(15_900);
  });

  it('that never stops answering is cut off', async () => {
    const { webhook } = await bench.create('endless');
    let sent = 0;
    bench.receiver.answer = (_request, response) => {
      const more = (): void => {
        while (!response.destroyed && sent < 100_000_000) {
          sent += 65_536;
          if (!response.write(Buffer.alloc(65_536, 'x'))) return void response.once('drain', more);
        }
      };
      more();
    };
    const { id } = await bench.sendTest(webhook.id);
    await bench.deliver();
    const [attempt] = await bench.attempts(id);
    expect([attempt!.status, attempt!.answer]).toEqual([200, 'x'.repeat(1_024)]);
    expect(attempt!.durationMs).toBeLessThan(5_000);
    expect(sent).toBeLessThan(20_000_000);
    bench.receiver.answer = (_request, response) => response.writeHead(200).write('and so\u0000 on');
    await bench.sendTest(webhook.id);
    await bench.deliver();
    expect((await bench.attempts((await bench.rows()).at(-1)!.id)).map(({ status, answer }) => [status, answer])).toEqual([[200, 'and so on']]);
  });

  it('is not asked where the time is short', async () => {
    await bench.create('late');
    bench.receiver.answerWith(500, 500, 500);
    await bench.team.applicant();
    await bench.deliver();
    await bench.nextAttempt();
    const [job] = await bench.office.database.query<{ id: string }>("UPDATE background_job SET run_at = now() WHERE type = 'deliverWebhook' RETURNING id");
    expect(await bench.office.deliverWithin(bench.team.workspaceId, job!.id, 15_000)).toEqual({ kind: 'yielded' });
    expect(bench.receiver.messages).toHaveLength(2);
    await bench.deliver();
    expect(await bench.row()).toMatchObject({ state: 'pending', attempts: 3 });
    const wait = (await bench.row()).nextAttemptAt!.getTime() - bench.now().getTime();
    expect(wait).toBeGreaterThan(27 * MINUTE - 3_000);
    expect(wait).toBeLessThanOrEqual(30 * MINUTE);
  });

  it('holds up nobody else', async () => {
    const [slow, quick] = [await bench.create('slow'), await bench.create('quick')];
    bench.receiver.answer = (request, response) => {
      if (request.url === '/quick') response.writeHead(204).end();
    };
    for (let count = 0; count < 5; count++) await bench.sendTest(slow.webhook.id);
    const jobs = await bench.office.database.query<{ id: string }>("SELECT id FROM background_job WHERE type = 'deliverWebhook' ORDER BY id");
    const running = jobs.slice(0, 3).map(({ id }) => bench.office.deliver(bench.team.workspaceId, id));
    while (bench.receiver.messages.length < 3) await new Promise((done) => setImmediate(done));
    const others = await Promise.all(jobs.slice(3).map(({ id }) => bench.office.deliver(bench.team.workspaceId, id)));
    const { id } = await bench.sendTest(quick.webhook.id);
    const [job] = await bench.office.database.query<{ id: string }>("SELECT id FROM background_job WHERE payload->>'deliveryId' = $1", [id]);
    const meanwhile = await bench.office.deliver(bench.team.workspaceId, job!.id);
    bench.receiver.closeConnections();
    await Promise.all(running);
    expect(others).toEqual([{ kind: 'parked' }, { kind: 'parked' }]);
    expect(meanwhile).toMatchObject({ kind: 'done' });
  });
});
