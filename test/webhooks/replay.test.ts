import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { refusal } from '../support/office.js';
import { WebhookBench } from './webhook-bench.js';

describe('what has failed', () => {
  let bench: WebhookBench;

  beforeAll(async () => {
    bench = await WebhookBench.open();
  });
  beforeEach(() => bench.clear());
  afterAll(() => bench.close());

  const olga = <T>(work: (context: ReturnType<WebhookBench['team']['as']>) => Promise<T>): Promise<T> => bench.office.call(bench.team.as('olga'), work);
  const jobOf = async (id: string): Promise<{ state: string; result: object; counters: object; percent: number }> => (await bench.office.database.query<{ state: string; result: object; counters: object; percent: number }>(
    'SELECT state, result, counters, progress_percent AS percent FROM background_job WHERE id = $1', [id]))[0]!;

  /** Failed deliveries of the endpoint, one a minute up to now. */
  const plantFailed = (webhookId: string, count: number): Promise<object[]> => bench.office.database.query(
    `INSERT INTO webhook_delivery (id, workspace_id, webhook_id, event_id, event_type, body, state, attempts, created_at, ended_at)
     SELECT ('01a20d21-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, $1, $2, gen_random_uuid(), 'io.perch.webhook.test', '{}', 'failed', 8, now() - make_interval(mins => $3 - n), now()
     FROM generate_series(1, $3) n`, [bench.team.workspaceId, webhookId, count]);

  it('is sent again as it was', async () => {
    const { webhook } = await bench.create('again');
    bench.receiver.answerWith(500);
    const { id } = await bench.sendTest(webhook.id);
    await bench.deliver();
    expect(await olga((context) => bench.deliveries.replay(context, id))).toMatchObject({ state: 'pending', round: 2, endedAt: null });
    await bench.deliver();
    const [first, second] = bench.receiver.take();
    expect([second!.body, second!.headers['webhook-id']]).toEqual([first!.body, first!.headers['webhook-id']]);
    expect(await bench.row()).toMatchObject({ id, state: 'delivered', attempts: 2 });
    expect((await bench.attempts(id)).map(({ status }) => status)).toEqual([500, 204]);
    expect(await bench.office.database.query("SELECT action FROM audit_event WHERE object_id = $1 ORDER BY id", [webhook.id])).toEqual([{ action: 'webhook.create' }, { action: 'webhook.test' }, { action: 'webhook.replay' }]);
  });

  it('is sent once where a retry still waits', async () => {
    await bench.create('waiting');
    bench.receiver.answerWith(500);
    await bench.team.applicant();
    await bench.deliver();
    await olga(async (context) => bench.deliveries.replay(context, (await bench.row()).id));
    await bench.deliver();
    await bench.office.database.query("UPDATE background_job SET run_at = now() WHERE type = 'deliverWebhook' AND state = 'queued'");
    await bench.deliver();
    expect(bench.receiver.take()).toHaveLength(2);
    expect(await bench.row()).toMatchObject({ state: 'delivered', attempts: 2 });
  });

  it('since a time is sent again in chunks', async () => {
    const { webhook } = await bench.create('many');
    await plantFailed(webhook.id, 450);
    const job = await olga((context) => bench.deliveries.replayFailed(context, webhook.id, new Date(Date.now() - 430.5 * 60_000)));
    expect(await bench.office.deliver(bench.team.workspaceId, job.id)).toEqual({ kind: 'done' });
    expect(await jobOf(job.id)).toEqual({ state: 'done', result: { replayed: 431 }, counters: { done: 431, total: 431, failed: 0 }, percent: 100 });
    const states = (await bench.rows()).map(({ state }) => state);
    expect([states.slice(0, 19), new Set(states.slice(19))]).toEqual([Array<string>(19).fill('failed'), new Set(['pending'])]);
    expect(await bench.office.database.query("SELECT count(*)::int AS count FROM background_job WHERE type = 'deliverWebhook'")).toEqual([{ count: 431 }]);
  });

  it('goes on where a process stopped', async () => {
    const { webhook } = await bench.create('stopped');
    await plantFailed(webhook.id, 450);
    const job = await olga((context) => bench.deliveries.replayFailed(context, webhook.id, new Date(0)));
    expect(await bench.office.deliverWithin(bench.team.workspaceId, job.id, 4_000)).toEqual({ kind: 'yielded' });
    expect((await jobOf(job.id)).counters).toMatchObject({ done: 200, total: 450 });
    await bench.office.work('replayFailedDeliveries');
    expect(await jobOf(job.id)).toMatchObject({ state: 'done', result: { replayed: 450 } });
    expect(await bench.office.database.query("SELECT count(*)::int AS count FROM background_job WHERE type = 'deliverWebhook'")).toEqual([{ count: 450 }]);
  });

  it('stays where the endpoint is disabled', async () => {
    const { webhook } = await bench.create('off');
    await plantFailed(webhook.id, 3);
    const job = await olga((context) => bench.deliveries.replayFailed(context, webhook.id, new Date(0)));
    await olga((context) => bench.service.disable(context, webhook.id));
    await bench.office.deliver(bench.team.workspaceId, job.id);
    expect(await jobOf(job.id)).toMatchObject({ state: 'done', result: { replayed: 0 } });
    const [row] = await bench.rows();
    const codes = await Promise.all([() => bench.sendTest(webhook.id), () => olga((context) => bench.deliveries.replay(context, row!.id)), () => olga((context) => bench.deliveries.replayFailed(context, webhook.id, new Date(0)))].map((work) => refusal(work())));
    expect(codes).toEqual(['WEBHOOK_DISABLED', 'WEBHOOK_DISABLED', 'WEBHOOK_DISABLED']);
  });

  it('for a reason of ours is shown as failed', async () => {
    const { webhook } = await bench.create('unreadable');
    await bench.office.database.query("UPDATE webhook SET secret = 'v1.0000000000000000.AAAA' WHERE id = $1", [webhook.id]);
    const { id } = await bench.sendTest(webhook.id);
    expect(await bench.deliver()).toMatchObject([{ kind: 'dead', code: 'SECRET_UNREADABLE' }]);
    expect(await bench.row()).toMatchObject({ id, state: 'failed', attempts: 0 });
    expect(await bench.webhook(webhook.id)).toMatchObject({ state: 'enabled', failingSince: null });
    expect(bench.receiver.take()).toEqual([]);
  });

  it('is deleted after thirty days', async () => {
    const { webhook } = await bench.create('old');
    await plantFailed(webhook.id, 4);
    await bench.office.database.query("UPDATE webhook_delivery SET created_at = now() - make_interval(days => CASE WHEN id < '01a20d21-0000-7000-8000-000000000003' THEN 31 ELSE 29 END)");
    const [job] = await bench.office.database.query<{ id: string }>(
      `INSERT INTO background_job (id, workspace_id, type, payload, max_attempts, actor_type, definition_version) VALUES (gen_random_uuid(), $1, 'cleanUpWorkspace', '{}', 3, 'system', 2) RETURNING id`, [bench.team.workspaceId]);
    expect(await bench.office.deliver(bench.team.workspaceId, job!.id)).toEqual({ kind: 'done' });
    expect((await jobOf(job!.id)).result).toMatchObject({ webhookDeliveries: 2 });
    expect(await bench.rows()).toHaveLength(2);
  });
});
