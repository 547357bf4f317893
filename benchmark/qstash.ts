import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Agent, request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { ensureDatabase, startEmbeddedPostgres } from '../src/infrastructure/embedded-postgres/embedded-postgres.js';
import { quantile } from './statistics.js';

const MESSAGES = 10_000;
const IDLE_MESSAGES = 50;
const DUE_MESSAGES = 50;
/** Far enough apart that the server is at rest before each. */
const DUE_EVERY_MS = 67;
const STEADY_SECONDS = 5;
const STEADY_RATE = 500;
const PARALLEL = 32;
const distribution = dirname(dirname(fileURLToPath(import.meta.url)));

interface Destination {
  readonly child: ChildProcess;
  readonly url: string;
  /** Waits until so many have arrived; times in ms since 1970, by the number in the path. */
  arrived(count: number): Promise<Map<string, number>>;
}

interface Server {
  readonly child: ChildProcess;
  readonly url: string;
  readonly token: string;
}

async function startDestination(): Promise<Destination> {
  const child = fork(join(distribution, 'benchmark', 'no-op-destination.js'), [], { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return {
    child, url: `http://127.0.0.1:${port}`,
    arrived: async (count) => {
      child.send({ count });
      const [entries] = (await once(child, 'message')) as [[string, number][]];
      return new Map(entries);
    },
  };
}

async function startServer(databaseUrl: string, origin: string): Promise<Server> {
  const { PATH, HOME } = process.env;
  const child = fork(join(distribution, 'src', 'qstash-server', 'main.js'), [], {
    execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'], env: { PATH, HOME, QSTASH_DATABASE_URL: databaseUrl, QSTASH_ALLOWED_ORIGINS: origin },
  });
  const [announced] = (await once(child, 'message')) as [{ url: string; token: string }];
  return { child, ...announced };
}

const agent = new Agent({ keepAlive: true, maxSockets: PARALLEL });

const post = (url: string, token: string, body: string, more: Record<string, string> = {}): Promise<void> => new Promise((done, fail) => {
  const call = request(url, { method: 'POST', agent, headers: { ...more, authorization: `Bearer ${token}`, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) } }, (response) => {
    response.resume().once('end', done);
    if (response.statusCode! >= 300) fail(new Error(`${url} answered ${response.statusCode}`));
  });
  call.once('error', fail).end(body);
});

/** Messages a second when all of them are due at once. */
async function measureDeliveries(server: Server, destination: Destination, pool: pg.Pool): Promise<number> {
  const items = (from: number): string => JSON.stringify(Array.from({ length: 1_000 }, (_, index) => ({
    destination: `${destination.url}/bulk-${from + index}`, headers: { 'Upstash-Delay': '1h' }, body: '{"hello":"world"}',
  })));
  for (let from = 0; from < MESSAGES; from += 1_000) await post(`${server.url}/v2/batch`, server.token, items(from));
  await pool.query('VACUUM ANALYZE qstash.message');
  const begin = Date.now();
  await pool.query('UPDATE qstash.message SET attempt_at = now(), not_before = now()');
  await pool.query(`SELECT pg_notify('qstash_due', '')`);
  const times = await destination.arrived(MESSAGES);
  return MESSAGES / ((Math.max(...times.values()) - begin) / 1_000);
}

/** The floor: the same number of bare posts, as many at a time as keeps one process busy. */
async function measureFloor(destination: Destination): Promise<number> {
  let next = 0;
  const begin = performance.now();
  await Promise.all(Array.from({ length: PARALLEL }, async () => {
    while (next < MESSAGES) await post(`${destination.url}/floor-${next++}`, '', '{"hello":"world"}');
  }));
  const rate = MESSAGES / ((performance.now() - begin) / 1_000);
  await destination.arrived(MESSAGES);
  return rate;
}

/** Milliseconds from the moment of the publish call to the arrival, at `rate` a second; 0 means one after the other, at rest. */
async function measureLatency(server: Server, destination: Destination, name: string, count: number, rate: number): Promise<number[]> {
  const sent = new Map<string, number>();
  const pending: Promise<void>[] = [];
  const begin = Date.now();
  for (let index = 0; index < count; index++) {
    const behind = begin + (index * 1_000) / (rate || 20) - Date.now();
    if (behind > 0) await pause(behind);
    sent.set(`/${name}-${index}`, Date.now());
    pending.push(post(`${server.url}/v2/publish/${destination.url}/${name}-${index}`, server.token, '{"hello":"world"}'));
  }
  await Promise.all(pending);
  const times = await destination.arrived(count);
  return [...sent].map(([path, at]) => times.get(path)! - at);
}

/** Milliseconds from the moment at which a delayed message becomes due to its arrival, one after the other. */
async function measureDue(server: Server, destination: Destination): Promise<number[]> {
  const due = new Map<string, number>();
  const begin = Date.now() + 1_000;
  for (let index = 0; index < DUE_MESSAGES; index++) {
    const at = begin + index * DUE_EVERY_MS;
    due.set(`/due-${index}`, at);
    await post(`${server.url}/v2/publish/${destination.url}/due-${index}`, server.token, '{"hello":"world"}', { 'upstash-not-before': String(at / 1_000) });
  }
  const times = await destination.arrived(DUE_MESSAGES);
  return [...due].map(([path, at]) => times.get(path)! - at);
}

async function measureDirect(destination: Destination): Promise<number[]> {
  const sent = new Map<string, number>();
  for (let index = 0; index < IDLE_MESSAGES; index++) {
    sent.set(`/direct-${index}`, Date.now());
    await post(`${destination.url}/direct-${index}`, '', '{"hello":"world"}');
    await pause(20);
  }
  const times = await destination.arrived(IDLE_MESSAGES);
  return [...sent].map(([path, at]) => times.get(path)! - at);
}

function printLatency(label: string, values: readonly number[], floor: readonly number[]): void {
  const least = Math.max(1, quantile(floor, 0.5));
  process.stdout.write(`${label.padEnd(34)} p50 ${quantile(values, 0.5).toFixed(0)} ms   p99 ${quantile(values, 0.99).toFixed(0)} ms   p50 x${(quantile(values, 0.5) / least).toFixed(1)} of a bare post\n`);
}

async function measureAll(server: Server, destination: Destination, pool: pg.Pool): Promise<void> {
  const floor = await measureFloor(destination);
  const rate = await measureDeliveries(server, destination, pool);
  process.stdout.write(`${'bare HTTP posts'.padEnd(34)} ${floor.toFixed(0)} a second\n`);
  process.stdout.write(`${'deliveries'.padEnd(34)} ${rate.toFixed(0)} a second   x${(rate / floor).toFixed(2)} of bare posts\n`);
  const direct = await measureDirect(destination);
  printLatency('bare post, to its arrival', direct, direct);
  printLatency('publish to arrival, at rest', await measureLatency(server, destination, 'idle', IDLE_MESSAGES, 0), direct);
  printLatency('due to arrival, at rest', await measureDue(server, destination), direct);
  printLatency(`publish to arrival, at ${STEADY_RATE} a second`, await measureLatency(server, destination, 'steady', STEADY_SECONDS * STEADY_RATE, STEADY_RATE), direct);
}

/** Prints the server's deliveries a second and its latency beside bare posts to the same destination in the same run. */
export async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'perch-benchmark-'));
  chmodSync(folder, 0o755);
  const database = await startEmbeddedPostgres(folder);
  await ensureDatabase(database, 'qstash');
  const destination = await startDestination();
  const server = await startServer(database.ownerUrl('qstash'), destination.url);
  const pool = new pg.Pool({ connectionString: database.ownerUrl('qstash'), max: 1 });
  try {
    await measureAll(server, destination, pool);
  } finally {
    await pool.end();
    server.child.kill('SIGTERM');
    await once(server.child, 'exit');
    destination.child.kill('SIGKILL');
    await database.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  process.exit(0);
}
