import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import request from 'supertest';
import { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/programs.js';
import { resume } from '../support/resumes.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));

interface Started {
  readonly child: ChildProcess;
  readonly login: readonly [string, string];
  readonly milliseconds: number;
}

/** Runs what `npm start` runs, with nothing but a folder, and waits for the lines that a newcomer waits for. */
async function start(folder: string, port: number): Promise<Started> {
  const begin = performance.now();
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, [join(root, 'scripts', 'start.mjs')], { env: { PATH, HOME, PORT: String(port), PERCH_DATA_DIR: folder }, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const match = await eventually(`Perch printed its login; so far: ${text}`, async () => {
    if (child.exitCode !== null) throw new Error(text);
    return /Perch is ready at (\S+)[^]*Demo login:\s+(\S+)\s+(\S+)/.exec(text);
  }, 60_000);
  expect(match[1]).toBe(`http://localhost:${port}`);
  return { child, login: [match[2]!, match[3]!], milliseconds: performance.now() - begin };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

const ended = (child: ChildProcess): Promise<number | null> => new Promise((done) => (child.exitCode !== null || child.signalCode !== null ? done(child.exitCode) : child.once('exit', done)));

describe('a newcomer', () => {
  let folder: string;
  let port: number;
  let started: Started;

  beforeAll(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'perch-newcomer-')), 'data');
    port = await freePort();
    started = await start(folder, port);
  });
  afterAll(async () => {
    started.child.kill('SIGKILL');
    await rm(join(folder, '..'), { recursive: true, force: true });
  });

  it('finds a page, a login and applications', async () => {
    const page = await request(`http://127.0.0.1:${port}`).get('/careers/demo');
    expect([page.status, page.headers['content-type'], page.headers['cache-control']]).toEqual([200, 'text/html;charset=utf-8', 'no-cache']);
    expect(page.headers['content-security-policy']).toMatch(/default-src 'self'/);
    const client = await new Client(`http://127.0.0.1:${port}`).signIn(...started.login);
    const { data } = await client.graphql<{ applications: { totalCount: number } }>('{ applications { totalCount } }');
    expect(data.applications.totalCount).toBeGreaterThan(3);
  });

  it('cannot start it twice on one folder', async () => {
    const second = spawn(process.execPath, [join(root, 'scripts', 'start.mjs')], { env: { PATH: process.env['PATH'], PORT: String(await freePort()), PERCH_DATA_DIR: folder }, stdio: ['ignore', 'ignore', 'pipe'] });
    let text = '';
    second.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
    expect(await ended(second)).toBe(1);
    expect(text).toMatch(/already running/);
  });

  it('keeps everything over a stop', async () => {
    const client = new Client(`http://127.0.0.1:${port}`);
    const { body } = await client.apply({ email: 'kept@example.com', resume: resume('engineer.pdf') });
    started.child.kill('SIGINT');
    expect(await ended(started.child)).toBe(0);
    expect(existsSync(join(folder, 'perch.pid'))).toBe(false);
    const before = started.login;
    started = await start(folder, port);
    expect(started.login).toEqual(before);
    expect(started.milliseconds).toBeLessThan(15_000);
    await client.signIn(...started.login);
    const { applicationId } = body as { applicationId: string };
    expect((await client.analysed(applicationId)).analysis.state).toBe('done');
  });

  it('starts again after a kill', async () => {
    const pid = Number(await readFile(join(folder, 'perch.pid'), 'utf8'));
    process.kill(pid, 'SIGKILL');
    await ended(started.child);
    started = await start(folder, port);
    const ready = await request(`http://127.0.0.1:${port}`).get('/api/health/ready');
    expect(ready.body).toMatchObject({ status: 'ready' });
    started.child.kill('SIGTERM');
    expect(await ended(started.child)).toBe(0);
  });

  it('leaves nothing running after an early stop', async () => {
    const child = spawn(process.execPath, [join(root, 'scripts', 'start.mjs')], { env: { PATH: process.env['PATH'], PORT: String(port), PERCH_DATA_DIR: folder }, stdio: 'ignore' });
    const database = await eventually('the database has begun', async () => {
      const answer = await request(`http://127.0.0.1:${port}`).get('/api/health').catch(() => null);
      if (answer) expect([answer.status, answer.body]).toEqual([503, { code: 'STARTING', title: 'Perch is starting. Try again in a moment.' }]);
      return Number((await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')[0]) || null;
    });
    child.kill('SIGTERM');
    expect(await ended(child)).toBe(0);
    expect([isAlive(database), existsSync(join(folder, 'perch.pid'))]).toEqual([false, false]);
  });
});
