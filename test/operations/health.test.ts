import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer, type AddressInfo, type Server } from 'node:net';
import request from 'supertest';
import { measure, Remembered } from '../../src/platform/health/health-check.js';
import { freePort } from '../support/programs.js';
import { startPerch, type Perch } from '../support/perch.js';

interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly milliseconds: number;
}

describe('the health of Perch', () => {
  let perch: Perch;
  let mailServer: Server;
  let connections = 0;

  beforeAll(async () => {
    // It takes connections and sends them away at once.
    mailServer = createServer((socket) => {
      connections += 1;
      socket.on('error', () => undefined).end('554 not here\r\n');
    });
    await new Promise<void>((done) => mailServer.listen(0, '127.0.0.1', done));
    const nobody = `http://127.0.0.1:${await freePort()}`;
    perch = await startPerch('process', async () => ({
      SMTP_URL: `smtp://127.0.0.1:${(mailServer.address() as AddressInfo).port}`, MAIL_FROM: 'jobs@example.com',
      PERCH_STORAGE: 's3', S3_ENDPOINT: nobody, S3_BUCKET: 'files', S3_ACCESS_KEY_ID: 'key', S3_SECRET_ACCESS_KEY: 'secret', PERCH_DEMO: 'false',
    }));
  });
  afterAll(async () => {
    await perch.stop();
    mailServer.close();
  });

  it('names every neighbour with its time', async () => {
    const { status, body } = await request(perch.address).get('/api/health/ready');
    const checks = (body as { checks: Check[] }).checks;
    expect(checks.map(({ name }) => name)).toEqual(['database', 'schema', 'writing', 'redis', 'storage', 'mail', 'queue', 'jobs', 'sweep', 'cron', 'backup']);
    expect(checks.filter(({ ok }) => !ok).map(({ name }) => name)).toEqual(['storage', 'mail']);
    expect(checks.every(({ milliseconds }) => milliseconds >= 0)).toBe(true);
    expect([status, body.status]).toEqual([200, 'degraded']);
  });

  it('asks mail servers and storages seldom', async () => {
    for (let time = 0; time < 5; time++) await request(perch.address).get('/api/health/ready');
    expect(connections).toBe(1);
  });

  it('is told to strangers without details', async () => {
    const { body, text } = await request(perch.address).get('/api/health/status');
    expect(body).toMatchObject({ state: 'limited', readOnly: false });
    expect(body.parts).toEqual([
      { name: 'Pages and sign-in', state: 'works' }, { name: 'Applications', state: 'limited' }, { name: 'Background work', state: 'works' }, { name: 'Files', state: 'down' }, { name: 'Mail', state: 'down' },
    ]);
    expect(text).not.toMatch(/127\.0\.0\.1|554|milliseconds/);
  });
});

describe('a check', () => {
  it('gives up on what does not answer', async () => {
    expect(await measure('mail', () => new Promise(() => undefined), 30)).toMatchObject({ name: 'mail', ok: false, note: 'there was no answer within 0.03 seconds' });
  });

  it('tells nobody what was thrown', async () => {
    expect(await measure('mail', () => Promise.reject(new Error('password=hunter22')))).toEqual({ name: 'mail', ok: false, milliseconds: expect.any(Number) });
  });

  it('is remembered for its time', async () => {
    let [now, asked] = [0, 0];
    const remembered = new Remembered(60_000, () => Promise.resolve(++asked), () => now);
    expect(await Promise.all([remembered.get(), remembered.get()])).toEqual([1, 1]);
    now = 59_999;
    expect(await remembered.get()).toBe(1);
    now = 60_000;
    expect(await remembered.get()).toBe(2);
  });
});
