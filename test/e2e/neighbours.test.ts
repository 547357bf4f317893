import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { Client } from '../support/client.js';
import { startPerch, type Perch } from '../support/perch.js';
import { startPgBouncer, startRedis, type Program } from '../support/programs.js';
import { resume } from '../support/resumes.js';

describe('behind PgBouncer and beside Redis', () => {
  let perch: Perch;
  let redis: Program;
  let bouncer: Program;

  beforeAll(async () => {
    redis = await startRedis();
    perch = await startPerch('process', async ({ applicationUrl }) => {
      bouncer = await startPgBouncer(applicationUrl);
      return { DATABASE_URL: Object.assign(new URL(applicationUrl), { port: String(bouncer.port) }).href, REDIS_URL: `redis://127.0.0.1:${redis.port}` };
    });
  });
  afterAll(async () => {
    await perch.stop();
    await bouncer.stop();
    await redis.stop();
  });

  it('many applications at once are analysed', async () => {
    const client = await new Client(perch.address).signIn();
    const answers = await Promise.all(Array.from({ length: 12 }, (_, index) => client.apply({ email: `pool-${index}@example.com`, resume: resume('second.pdf') })));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
    for (const { body } of answers) {
      expect((await client.analysed((body as { applicationId: string }).applicationId)).analysis.state).toBe('done');
    }
  });

  it('rate limits outlive Redis', async () => {
    const guess = async (): Promise<number> => (await request(perch.address).post('/api/auth/sign-in').send({ email: 'limited@example.com', password: 'x' })).status;
    expect((await request(perch.address).get('/api/health/ready')).body.checks.find(({ name }: { name: string }) => name === 'redis')).toMatchObject({ ok: true });
    expect(await guess()).toBe(401);
    await redis.stop();
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 12; attempt++) statuses.push(await guess());
    expect(statuses.slice(0, 5)).toEqual([401, 401, 401, 401, 401]);
    expect(statuses.at(-1)).toBe(429);
    expect((await request(perch.address).get('/api/health/ready')).body.status).toBe('degraded');
  });
});
