import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, chown, cp, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { VARIABLES } from '../../src/config/environment.schema.js';
import { readEnvironment } from '../../src/config/environment.js';
import { reachableByAll } from '../../src/infrastructure/embedded-postgres/binaries.js';
import { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { CRON_SECRET, SECRET } from '../support/perch.js';
import { freePort, startRedis, type Program } from '../support/programs.js';
import { resume } from '../support/resumes.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const NOBODY = 65_534;

interface Service {
  readonly image: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, object>>;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly ports?: readonly string[];
}

const instructions = readFileSync(join(ROOT, 'Dockerfile'), 'utf8').replace(/\\\n/g, ' ').split('\n').filter((line) => /^[A-Z]+ /.test(line)).map((line): [string, string] => [line.split(' ')[0]!, line.slice(line.indexOf(' ') + 1)]);
const all = (name: string): string[] => instructions.filter(([instruction]) => instruction === name).map(([, rest]) => rest);
const copied = all('COPY').filter((rest) => rest.startsWith('--from=build')).map((rest) => rest.split(' ')[1]!.replace('/app/', ''));
const compose = parse(readFileSync(join(ROOT, 'compose.yaml'), 'utf8'), { merge: true }) as { services: Readonly<Record<string, Service>>; volumes: object };

describe('the container', () => {
  it('is built from what is there', () => {
    expect(all('FROM').map((rest) => rest.split(' ')[0])).toEqual(['node:24-slim', 'node:24-slim']);
    for (const path of [...copied, 'package-lock.json', 'scripts/compile.mjs', 'scripts/build-web.mjs']) expect([path, existsSync(join(ROOT, path))]).toEqual([path, true]);
    expect(all('ADD')).toEqual([]);
    expect(readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n')).toEqual(expect.arrayContaining(['.env*', 'node_modules', 'dist', '.git']));
  });

  it('runs as nobody special and holds no key', () => {
    expect(all('USER')).toEqual(['node']);
    expect(instructions.findIndex(([name]) => name === 'USER')).toBeLessThan(instructions.findIndex(([name]) => name === 'CMD'));
    const secrets = VARIABLES.filter(({ secret }) => secret).map(({ name }) => name);
    for (const line of [...all('ENV'), ...all('ARG')]) expect(secrets.filter((name) => line.includes(name))).toEqual([]);
    expect(all('ENV')[0]).toMatch(/PERCH_DATA_DIR=\/data/);
  });

  it('starts programs that exist', () => {
    const commands = [...all('CMD'), ...all('HEALTHCHECK').map((rest) => rest.slice(rest.indexOf('CMD') + 4))].map((text) => JSON.parse(text) as string[]);
    for (const { image, command } of Object.values(compose.services)) if (image === 'perch') commands.push([...command!]);
    expect(commands).toHaveLength(5);
    for (const [program, file] of commands) {
      expect([program, existsSync(join(ROOT, file!))]).toEqual(['node', true]);
      expect(copied).toContain(file!.split('/')[0]);
    }
  });
});

describe('compose.yaml', () => {
  const own = Object.entries(compose.services).filter(([, { image }]) => image === 'perch');

  it('confines every process of Perch', () => {
    expect(own.map(([name]) => name)).toEqual(['migrate', 'app', 'worker']);
    for (const [, service] of own) expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
    for (const { ports = [] } of Object.values(compose.services)) for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
    for (const { image } of Object.values(compose.services)) expect(image).toMatch(/^(perch|[a-z]+:\d+)$/);
  });

  it('waits only for what exists', () => {
    for (const { depends_on: others = {} } of Object.values(compose.services)) for (const name of Object.keys(others)) expect(compose.services).toHaveProperty(name);
  });

  it('sets a complete environment without default keys', () => {
    const known = VARIABLES.map(({ name }) => name);
    for (const [name, { environment = {} }] of own) {
      for (const [variable, value] of Object.entries(environment)) {
        expect(known).toContain(variable);
        if (/SECRET|PASSWORD/.test(String(value))) expect(String(value)).toMatch(/\$\{\w+(:\?[^}]+)?\}/);
      }
      const filled = Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, String(value).replace(/\$\{PERCH_PUBLIC_URL[^}]*\}/, 'https://perch.example').replace(/\$\{\w+:-\}/, '').replace(/\$\{[^}]*\}/g, 'k9Zq2mX7vLw4Rt8Yb1Nc6Hd3Jf5Gs0Pa')]));
      expect(readEnvironment(filled)).toMatchObject({ redisUrl: 'redis://redis:6379', directUrl: name === 'migrate' ? expect.any(String) : null });
    }
  });
});

describe('a read-only installation', () => {
  let [folder, database, redis] = [] as unknown as [string, TestDatabase, Program];
  const children: ChildProcess[] = [];

  /** The folder of the image: what is copied into it, which the user of the process may not write to. */
  async function layOut(): Promise<string> {
    const place = await mkdtemp(join(tmpdir(), 'perch-image-'));
    await chmod(place, 0o755);
    for (const path of copied) {
      if (path === 'node_modules' && await reachableByAll(join(ROOT, path))) await symlink(join(ROOT, path), join(place, path));
      else await cp(join(ROOT, path), join(place, path), { recursive: true, filter: (file) => !/dist\/(test|benchmark)/.test(file) });
    }
    await mkdir(join(place, 'data'));
    if (process.getuid?.() === 0) await chown(join(place, 'data'), NOBODY, NOBODY);
    else for (const path of copied) if (path !== 'node_modules') for (const entry of await readdir(join(place, path), { recursive: true }).catch(() => [])) await chmod(join(place, path, entry), 0o555);
    return place;
  }

  beforeAll(async () => {
    [folder, database, redis] = [await layOut(), await createTestDatabase(), await startRedis()];
  });
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await redis.stop();
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  });

  function run(command: readonly string[], port: number): { child: ChildProcess; text: () => string } {
    const as = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
    const env = {
      PATH: process.env['PATH'], HOME: '/nonexistent', NODE_ENV: 'production', PORT: String(port), PERCH_DATA_DIR: join(folder, 'data'), PERCH_SECRET: SECRET, CRON_SECRET, LOG_LEVEL: 'error',
      DATABASE_URL: database.applicationUrl, REDIS_URL: `redis://127.0.0.1:${redis.port}`, JOB_TRANSPORT: 'bullmq', PERCH_PUBLIC_URL: `http://127.0.0.1:${port}`, PERCH_DEMO: 'true',
    };
    const child = spawn(command[0] === 'node' ? process.execPath : command[0]!, command.slice(1), { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'], ...as });
    let text = '';
    for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (piece: Buffer) => (text += piece.toString()));
    children.push(child);
    return { child, text: () => text };
  }

  const contents = async (): Promise<string[]> => (await readdir(join(folder, 'dist'), { recursive: true })).sort();

  it('serves and works as nobody', async () => {
    const [port, before] = [await freePort(), await contents()];
    const app = run(compose.services['app']!.command!, port);
    const login = await eventually(`Perch is ready: ${app.text()}`, async () => {
      if (app.child.exitCode !== null) throw new Error(app.text());
      return /Demo login:\s+(\S+)\s+(\S+)/.exec(app.text());
    }, 40_000);
    const worker = run(compose.services['worker']!.command!, port);
    const client = await new Client(`http://127.0.0.1:${port}`).signIn(login[1], login[2]);
    const { body } = await client.apply({ email: 'contained@example.com', resume: resume('engineer.pdf') });
    expect((await client.analysed((body as { applicationId: string }).applicationId)).analysis.state).toBe('done');
    for (const { child, text } of [app, worker]) {
      const gone = new Promise((done) => child.once('exit', done));
      child.kill('SIGTERM');
      expect([await gone, /EACCES|EROFS/.test(text())]).toEqual([0, false]);
    }
    expect(await contents()).toEqual(before);
  });
});
