import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CleanUpTask } from '../../src/features/data-retention/clean-up.js';
import { JobRunnerService } from '../../src/serverless-jobs/runner/job-runner.service.js';
import { MailServer } from '../support/mail-server.js';
import { MailBench } from './mail-bench.js';

describe('mail', () => {
  const server = new MailServer();
  let bench: MailBench;

  beforeAll(async () => {
    bench = await MailBench.open(await server.start());
  });
  beforeEach(() => {
    server.received.splice(0);
    server.answers.splice(0);
  });
  afterAll(async () => {
    await bench.close();
    await server.stop();
  });

  it('arrives as it was written', async () => {
    const id = await bench.send({
      to: { address: 'zoe@example.com', name: 'Zoë Ångström, PhD' }, replyTo: 'recruiter@example.com', subject: 'Einladung zum Gespräch – 面接 🎉',
      text: `Grüße,\n${'lang '.repeat(400)}\n.\nEnde`, html: '<p>Grüße</p>', unsubscribeUrl: 'https://perch.example/unsubscribe?token=a',
    });
    expect(await bench.deliver(id)).toEqual({ kind: 'done' });
    const row = await bench.mail(id);
    expect(row).toMatchObject({ state: 'sent', attempts: 1, errorCode: null, hasSentAt: true });
    const [mail] = server.received;
    expect(mail).toMatchObject({
      from: { name: 'Perch Tests', address: 'jobs@perch.example' }, to: [{ name: 'Zoë Ångström, PhD', address: 'zoe@example.com' }],
      replyTo: [{ address: 'recruiter@example.com' }], subject: 'Einladung zum Gespräch – 面接 🎉', messageId: row.messageId,
    });
    expect(row.messageId).toBe(`<${id}@perch.example>`);
    expect(mail!.text!.trim()).toBe(`Grüße,\n${'lang '.repeat(400)}\n.\nEnde`);
    expect(mail!.html).toContain('<p>Grüße</p>');
    const header = (key: string): string[] => mail!.headers.filter((entry) => entry.key === key).map(({ value }) => value);
    expect(header('list-unsubscribe')).toEqual(['<https://perch.example/unsubscribe?token=a>']);
    expect(header('list-unsubscribe-post')).toEqual(['List-Unsubscribe=One-Click']);
    const [created] = await bench.database.query<{ at: Date }>("SELECT date_trunc('second', created_at) AS at FROM mail_message WHERE id = $1", [id]);
    expect(new Date(mail!.date!)).toEqual(created!.at);
  });

  it('arrives though it is stored sealed', async () => {
    const text = 'Open http://perch.example/approve#link_secret';
    const id = await bench.send({ text, confidential: true });
    expect(await bench.database.query("SELECT 1 FROM mail_message m WHERE m::text LIKE '%link_secret%'")).toEqual([]);
    expect(await bench.deliver(id)).toEqual({ kind: 'done' });
    expect(server.received.at(-1)!.text!.trim()).toBe(text);
    await expect(bench.send({ text, html: '<p>Open</p>', confidential: true })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('refuses to carry headers of others', async () => {
    for (const mail of [
      { subject: 'Hello\r\nBcc: spy@example.com' }, { subject: 'Hello\nX: y' }, { to: { address: 'ada@example.com', name: 'Ada\r\nBcc: spy@example.com' } },
      { to: { address: 'ada@example.com\r\nRCPT TO:<spy@example.com>', name: null } }, { to: { address: 'ada@example.com, spy@example.com' } },
      { replyTo: 'a@example.com\nBcc: spy@example.com' }, { unsubscribeUrl: 'https://perch.example/>\r\nBcc: spy@example.com' },
      { unsubscribeUrl: 'javascript:alert(1)' }, { text: 'a'.repeat(100_001) }, { subject: '' }, { kind: 'No Kind' },
    ]) await expect(bench.send(mail)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect(await bench.database.query("SELECT 1 FROM mail_message WHERE subject LIKE '%Bcc%' OR to_name LIKE '%Bcc%'")).toEqual([]);
  });

  it('fails at once for an unknown recipient', async () => {
    server.answers.push(550);
    const id = await bench.send();
    expect(await bench.deliver(id)).toMatchObject({ kind: 'dead', code: 'MAIL_REFUSED' });
    expect(await bench.mail(id)).toMatchObject({ state: 'failed', attempts: 1, errorCode: 'MAIL_REFUSED', errorMessage: expect.stringContaining('550 No such user') });
    expect(await bench.deliver(id)).toEqual({ kind: 'settled' });
    expect(server.received).toEqual([]);
  });

  it('waits for a busy server, then leaves once', async () => {
    server.answers.push(451);
    const id = await bench.send();
    const first = await bench.deliver(id);
    expect(first.kind === 'retry' && first.delay).toBeGreaterThan(20_000);
    expect(await bench.mail(id)).toMatchObject({ state: 'queued', attempts: 1, errorCode: 'MAIL_DEFERRED', hasSentAt: false });
    expect(await bench.deliver(id)).toEqual({ kind: 'done' });
    expect(await bench.deliver(id)).toEqual({ kind: 'settled' });
    expect(await bench.mail(id)).toMatchObject({ state: 'sent', attempts: 2, errorCode: null, errorMessage: null });
    expect(server.received).toHaveLength(1);
  });

  it('survives a connection that breaks', async () => {
    server.answers.push('drop');
    const id = await bench.send();
    expect(await bench.deliver(id)).toMatchObject({ kind: 'retry' });
    expect(await bench.mail(id)).toMatchObject({ state: 'queued', errorCode: 'MAIL_SERVER_UNREACHABLE' });
    expect(await bench.deliver(id)).toEqual({ kind: 'done' });
    expect(server.received).toHaveLength(1);
  });

  it('is given up after the last attempt', async () => {
    const id = await bench.send();
    await bench.database.query('UPDATE background_job SET attempts = max_attempts - 1 WHERE subject_id = $1', [id]);
    server.answers.push(451);
    expect(await bench.deliver(id)).toMatchObject({ kind: 'dead', code: 'MAIL_DEFERRED' });
    expect(await bench.mail(id)).toMatchObject({ state: 'failed', errorCode: 'MAIL_DEFERRED' });
  });

  it('is written once for a dedupe key', async () => {
    const ids = await Promise.all([1, 2, 3].map(() => bench.send({ dedupeKey: 'offer 1' })));
    expect(new Set(ids).size).toBe(1);
    await bench.deliver(ids[0]!);
    await bench.deliver(ids[0]!);
    expect(server.received).toHaveLength(1);
    expect(await bench.database.query('SELECT 1 FROM background_job WHERE subject_id = $1', [ids[0]])).toHaveLength(1);
  });

  it('that was sent is not sent again', async () => {
    const id = await bench.send();
    await bench.deliver(id);
    await bench.database.query("UPDATE background_job SET state = 'queued' WHERE subject_id = $1", [id]);
    expect(await bench.deliver(id)).toEqual({ kind: 'done' });
    expect(server.received).toHaveLength(1);
  });

  it('leaves once under concurrent deliveries', async () => {
    const id = await bench.send();
    await Promise.all(Array.from({ length: 5 }, () => bench.deliver(id)));
    expect(server.received).toHaveLength(1);
  });

  it('vanishes with the transaction that wrote it', async () => {
    await expect(bench.write(async () => {
      await bench.send({ subject: 'rolled back' });
      throw new Error('no');
    })).rejects.toThrow('no');
    expect(await bench.database.query("SELECT 1 FROM mail_message WHERE subject = 'rolled back'")).toEqual([]);
    expect(await bench.database.query("SELECT 1 FROM background_job job WHERE type = 'sendMail' AND NOT EXISTS (SELECT 1 FROM mail_message WHERE id = job.subject_id)")).toEqual([]);
  });

  it('is deleted after 90 days', async () => {
    const [old, waiting, young] = [await bench.send(), await bench.send(), await bench.send()];
    await bench.deliver(old);
    await bench.database.query("UPDATE mail_message SET created_at = now() - interval '91 days' WHERE id = ANY($1)", [[old, waiting]]);
    await bench.nest.get(CleanUpTask, { strict: false }).start(new Date());
    const [job] = await bench.database.query<{ id: string }>("SELECT id FROM background_job WHERE type = 'cleanUpWorkspace'");
    expect(await bench.nest.get(JobRunnerService).run({ workspaceId: bench.context.workspace, jobId: job!.id, messageId: null }, performance.now() + 50_000)).toEqual({ kind: 'done' });
    const kept = await bench.database.query<{ id: string }>('SELECT id FROM mail_message WHERE id = ANY($1) ORDER BY id', [[old, waiting, young]]);
    expect(kept.map(({ id }) => id)).toEqual([waiting, young]);
  });
});

describe('mail without a server', () => {
  it('is kept for the outbox', async () => {
    const bench = await MailBench.open(null);
    const id = await bench.send();
    expect(await bench.deliver(id)).toEqual({ kind: 'done' });
    expect(await bench.mail(id)).toMatchObject({ state: 'kept', attempts: 1, hasSentAt: false });
    await bench.close();
  });
});
