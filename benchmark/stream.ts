import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { migrateUp } from '../src/infrastructure/database/migrations.js';
import { ensureDatabase, startEmbeddedPostgres } from '../src/infrastructure/embedded-postgres/embedded-postgres.js';
import { quantile } from './statistics.js';
import { WORKSPACE } from './stream/tokens.js';

const TOKENS = 400;
const TARGETS = { 'PostgreSQL alone': 250, 'with Redis': 50 } as const;
const distribution = dirname(dirname(fileURLToPath(import.meta.url)));

async function start(env: Readonly<Record<string, string>>): Promise<{ child: ChildProcess; port: number }> {
  const { PATH } = process.env;
  const child = fork(join(distribution, 'benchmark', 'stream', 'process.js'), [], {
    execArgv: [], stdio: ['ignore', 'inherit', 'ignore', 'ipc'],
    env: { PATH, LOG_LEVEL: 'silent', PERCH_PUBLIC_URL: 'http://127.0.0.1:9', QSTASH_URL: 'http://127.0.0.1:9', QSTASH_TOKEN: 'nobody', ...env },
  });
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return { child, port };
}

async function ask<Answer>(child: ChildProcess, message: object): Promise<Answer> {
  child.send(message);
  return (await once(child, 'message'))[0] as Answer;
}

/** Milliseconds from the append in one process to the arrival here, through another process over HTTP. */
async function measure(env: Readonly<Record<string, string>>): Promise<number[]> {
  const [writer, reader] = [await start(env), await start(env)];
  const { id } = await ask<{ id: string }>(writer.child, { count: TOKENS });
  const response = await new Promise<IncomingMessage>((done, fail) => get(`http://127.0.0.1:${reader.port}/${id}`, done).once('error', fail));
  const latencies: number[] = [];
  response.setEncoding('utf8').on('data', (part: string) => {
    const now = Date.now();
    for (const [, sent] of part.matchAll(/"sent":(\d+)/g)) latencies.push(now - Number(sent));
  });
  const ended = once(response, 'end');
  const { kind } = await ask<{ kind: string }>(writer.child, { deliver: id });
  await ended;
  for (const { child } of [writer, reader]) child.kill('SIGKILL');
  if (kind !== 'done' || latencies.length !== TOKENS) throw new Error(`The run was ${kind}, and ${latencies.length} of ${TOKENS} tokens arrived.`);
  return latencies;
}

/** A Redis of its own, where the program is installed. */
async function startRedis(folder: string): Promise<{ url: string; stop: () => void } | null> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  const child = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder], { stdio: ['ignore', 'pipe', 'ignore'] });
  const ready = new Promise<boolean>((done) => {
    child.once('error', () => done(false)).once('exit', () => done(false));
    child.stdout.on('data', (text: Buffer) => text.includes('Ready to accept') && done(true));
  });
  return (await ready) ? { url: `redis://127.0.0.1:${port}`, stop: () => child.kill('SIGKILL') } : null;
}

function print(label: keyof typeof TARGETS, latencies: readonly number[]): void {
  const [middle, late] = [quantile(latencies, 0.5), quantile(latencies, 0.95)];
  process.stdout.write(`${label.padEnd(20)} p50 ${middle} ms   p95 ${late} ms   target p95 ${TARGETS[label]} ms ${late <= TARGETS[label] ? 'met' : 'MISSED'}   load ${loadavg()[0]!.toFixed(1)}\n`);
}

/** Prints how long a token takes from the job that appends it to a reader over HTTP. */
export async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'perch-benchmark-'));
  chmodSync(folder, 0o755);
  const server = await startEmbeddedPostgres(folder);
  await ensureDatabase(server, 'perch');
  const applicationUrl = Object.assign(new URL(server.ownerUrl('perch')), { username: 'perch_web', password: 'only-for-the-benchmark' }).href;
  await migrateUp(server.ownerUrl('perch'), applicationUrl, join(distribution, 'migrations'));
  const owner = new pg.Client({ connectionString: server.ownerUrl('perch') });
  await owner.connect();
  await owner.query("INSERT INTO workspace (id, slug, name) VALUES ($1, 'benchmark', 'Benchmark')", [WORKSPACE]);
  await owner.end();
  const redis = await startRedis(folder);
  try {
    print('PostgreSQL alone', await measure({ DATABASE_URL: applicationUrl }));
    if (redis) print('with Redis', await measure({ DATABASE_URL: applicationUrl, REDIS_URL: redis.url }));
    else process.stdout.write('with Redis: redis-server is not installed\n');
  } finally {
    redis?.stop();
    await server.stop();
    await pause(100);
    rmSync(folder, { recursive: true, force: true });
  }
  process.exit(0);
}
