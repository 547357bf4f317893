import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SignJWT } from 'jose';
import { createHash } from 'node:crypto';
import request from 'supertest';
import { CRON_SECRET, startPerch, type Perch, type Shape } from '../support/perch.js';
import { SHAPES } from '../support/shapes.js';

interface Begun {
  readonly begun: Readonly<Record<string, number>>;
}

describe.each<Shape>(SHAPES)('calls by the clock, in the shape %s', (shape) => {
  let perch: Perch;

  beforeAll(async () => {
    perch = await startPerch(shape);
  });
  afterAll(() => perch.stop());

  const call = (query = '', secret = CRON_SECRET): request.Test => request(perch.address).get(`/api/scheduled-job${query}`).set('authorization', `Bearer ${secret}`);
  const countJobs = async (): Promise<number> => (await perch.database.query<{ count: number }>("SELECT count(*)::int AS count FROM background_job WHERE type <> 'analyzeResume'"))[0]!.count;

  it('need the secret', async () => {
    expect((await request(perch.address).get('/api/scheduled-job')).status).toBe(401);
    expect((await call('', `${CRON_SECRET}x`)).status).toBe(401);
    expect(await countJobs()).toBe(0);
  });

  it('do the work of a day once', async () => {
    const cron = async (): Promise<object> => (await request(perch.address).get('/api/health/ready')).body.checks.find(({ name }: { name: string }) => name === 'cron');
    await call('?task=process-pending');
    expect(await cron()).toMatchObject({ ok: true, note: 'there was no daily call yet' });
    const { body, status } = await call();
    expect(status).toBe(200);
    expect(await cron()).toMatchObject({ ok: true, hoursAgo: 0 });
    const { begun } = body as Begun;
    expect(Object.keys(begun).sort()).toEqual(['analytics', 'backup', 'clean-up', 'daily-digest', 'process-pending', 'reseal-secrets', 'sweep-files', 'usage']);
    const jobs = await countJobs();
    expect(jobs).toBeGreaterThanOrEqual(3);
    expect((await call()).status).toBe(200);
    expect(await countJobs()).toBe(jobs);
  });

  it('run a single task', async () => {
    expect((await call('?task=process-pending')).body).toMatchObject({ begun: { 'process-pending': 0 } });
    const { status, body } = await call('?task=nothing');
    expect([status, body.code, body.field]).toEqual([400, 'INVALID_INPUT', 'task']);
  });
});

describe('deliveries of jobs', () => {
  let perch: Perch;
  let key: string;

  beforeAll(async () => {
    perch = await startPerch('process');
    const settings = await perch.database.query<{ name: string; value: string }>('SELECT name, value FROM qstash.setting');
    key = settings.find(({ name }) => /current/.test(name))!.value;
  });
  afterAll(() => perch.stop());

  const body = JSON.stringify({ workspaceId: '01a20d21-0000-7000-8000-00000000000a', jobId: '01a20d21-0000-7000-8000-00000000000b', wake: 0 });
  async function deliver(options: { key?: string; sent?: string; url?: string } = {}): Promise<request.Response> {
    const signature = await new SignJWT({ body: createHash('sha256').update(body).digest('base64url') })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).setIssuer('Upstash').setSubject(options.url ?? `${perch.address}/api/job-runner`)
      .setIssuedAt().setNotBefore('0s').setExpirationTime('5m').sign(new TextEncoder().encode(options.key ?? key));
    return request(perch.address).post('/api/job-runner').set('content-type', 'application/json').set('upstash-signature', signature).send(options.sent ?? body);
  }

  it('are taken with a right signature', async () => {
    expect((await deliver()).body).toEqual({ kind: 'settled' });
  });

  it('are refused without one', async () => {
    expect((await request(perch.address).post('/api/job-runner').set('content-type', 'application/json').send(body)).body.code).toBe('BAD_SIGNATURE');
    expect((await deliver({ key: 'sig_of_somebody_else' })).body.code).toBe('BAD_SIGNATURE');
    expect((await deliver({ sent: body.replace('00b', '00c') })).body.code).toBe('BAD_SIGNATURE');
    expect((await deliver({ sent: `${body} ` })).body.code).toBe('BAD_SIGNATURE');
    expect((await deliver({ url: `${perch.address}/api/elsewhere` })).body.code).toBe('BAD_SIGNATURE');
  });
});
