import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Client } from '../../support/client.js';
import { eventually } from '../../support/eventually.js';
import { startPerch, type Perch } from '../../support/perch.js';
import { startRedis, type Program } from '../../support/programs.js';
import { resume } from '../../support/resumes.js';

const PERCH = fileURLToPath(new URL('../../../../scripts/perch.mjs', import.meta.url));

describe('perch worker', () => {
  let redis: Program;
  let perch: Perch;

  const run = (args: readonly string[], extra: Readonly<Record<string, string>>): { child: ChildProcess; text: () => string; code: Promise<number | null> } => {
    const { PATH, HOME } = process.env;
    const child = spawn(process.execPath, [PERCH, ...args], { env: { PATH, HOME, LOG_LEVEL: 'error', DATABASE_URL: perch.database.applicationUrl, ...extra } });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
    return { child, text: () => text, code: new Promise((done) => child.once('exit', done)) };
  };
  const bullmq = (): Readonly<Record<string, string>> => ({ REDIS_URL: `redis://127.0.0.1:${redis.port}`, JOB_TRANSPORT: 'bullmq' });

  beforeAll(async () => {
    redis = await startRedis();
    perch = await startPerch('process', async () => bullmq());
  });
  afterAll(async () => {
    await perch.stop();
    await redis.stop();
  });

  it('analyses a resume and stops when told', async () => {
    const { child, text, code } = run(['worker', '--concurrency', '2'], bullmq());
    await eventually('the worker is ready', async () => text().includes('The worker is ready: 2 jobs at once.'));
    const client = await new Client(perch.address).signIn();
    const { body } = await client.apply({ email: 'worker@example.com', resume: resume('engineer.pdf') });
    expect((await client.analysed((body as { applicationId: string }).applicationId)).analysis).toMatchObject({ state: 'done', attempts: 1 });
    child.kill('SIGTERM');
    expect(await code).toBe(0);
  });

  it('says what is missing or wrong', async () => {
    const without = run(['worker'], {});
    expect(await without.code).toBe(1);
    expect(without.text()).toContain('REDIS_URL is missing');
    const wrong = run(['worker', '--concurrency', 'many'], bullmq());
    expect(await wrong.code).toBe(2);
    const unknown = run(['worker'], { ...bullmq(), JOB_TRANSPORT: 'bullmq,noSuchJob=qstash' });
    expect(await unknown.code).toBe(1);
    expect(unknown.text()).toContain('JOB_TRANSPORT names jobs that do not exist: noSuchJob');
  });
});
