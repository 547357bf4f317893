import { fork, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { LocalServices } from '../src/bootstrap/local-services.js';
import { processEnvironment } from '../src/config/environment.js';
import { freePort, startRedis, type Program } from '../test/support/programs.js';
import type { Measurement } from './jobs/measurement.js';
import { installPeer, PEERS, type Peer } from './jobs/peers.js';
import { between, describe, type Sample } from './jobs/table.js';

interface System {
  readonly name: string;
  /** Its module in benchmark/jobs. */
  readonly file: string;
  readonly transport?: string;
  readonly needs?: 'redis' | Peer;
}

const distribution = dirname(dirname(fileURLToPath(import.meta.url)));
const FLOOR: System = { name: 'floor: one insert and one update, each committed', file: 'floor' };
const SYSTEMS: readonly System[] = [
  { name: 'Perch, in-process', file: 'perch', transport: 'in-process' },
  { name: 'Perch, local QStash server over signed HTTP', file: 'perch', transport: 'qstash' },
  { name: 'Perch, BullMQ transport', file: 'perch', transport: 'bullmq', needs: 'redis' },
  { name: `graphile-worker ${PEERS['graphile-worker']}, batched`, file: 'graphile-worker', needs: 'graphile-worker' },
  { name: `pg-boss ${PEERS['pg-boss']}, batched, told of each job`, file: 'pg-boss', needs: 'pg-boss' },
  { name: 'BullMQ on Redis, log to disk once a second', file: 'bullmq', needs: 'redis' },
];

/** Throws when the process ends without a result. */
function measure({ name, file, transport }: System): Promise<Measurement> {
  const child = fork(join(distribution, 'benchmark', 'jobs', 'process.js'), [file], {
    execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'], env: { ...process.env, ...(transport === undefined ? {} : { JOB_TRANSPORT: transport }) },
  });
  return new Promise((done, fail) => {
    let measured: Measurement | null = null;
    child.once('message', (message) => (measured = message as Measurement));
    child.once('exit', (code) => (measured === null ? fail(new Error(`${name} ended with ${code}.`)) : done(measured)));
  });
}

/** A Redis that keeps a log of what was written, where there is a redis-server. */
async function openRedis(): Promise<Program | null> {
  if (spawnSync('redis-server', ['--version']).error) return null;
  const program = await startRedis();
  process.env['REDIS_URL'] = `redis://127.0.0.1:${program.port}`;
  const client = new Redis(program.port, '127.0.0.1');
  await client.config('SET', 'appendonly', 'yes');
  client.disconnect();
  return program;
}

/** What keeps a system from being measured, by what it needs. */
async function findMissing(folder: string, redis: Program | null): Promise<Map<string, string>> {
  const missing = new Map<string, string>(redis === null ? [['redis', 'redis-server is not installed']] : []);
  for (const peer of Object.keys(PEERS) as Peer[]) {
    const problem = await installPeer(folder, peer);
    if (problem !== null) missing.set(peer, problem);
  }
  process.env['BENCHMARK_PEERS'] = folder;
  return missing;
}

/** Each system between two floors, beginning with another one each round; the first round is not counted. */
async function measureRounds(systems: readonly System[], rounds: number): Promise<Map<string, Sample[]>> {
  const samples = new Map<string, Sample[]>([FLOOR, ...systems].map(({ name }) => [name, []]));
  let before = await measure(FLOOR);
  for (let round = 0; round <= rounds; round++) {
    for (let turn = 0; turn < systems.length; turn++) {
      const system = systems[(turn + round) % systems.length]!;
      const measured = await measure(system);
      const after = await measure(FLOOR);
      if (round > 0) {
        samples.get(system.name)!.push({ measured, floor: between(before, after) });
        samples.get(FLOOR.name)!.push({ measured: after, floor: after });
      }
      before = after;
    }
  }
  return samples;
}

const load = (): string => loadavg().map((value) => value.toFixed(1)).join(' ');

/** Prints background jobs of Perch beside those of others, as ratios to the floor that was measured before and after each. */
export async function run(rounds: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'perch-benchmark-'));
  chmodSync(folder, 0o755);
  Object.assign(process.env, { PERCH_DATA_DIR: folder, LOG_LEVEL: 'error', NODE_ENV: 'production', DATABASE_POOL_SIZE: '12' });
  const redis = await openRedis();
  const services = new LocalServices();
  await services.start(processEnvironment(), distribution, `http://127.0.0.1:${await freePort()}`);
  const begun = load();
  try {
    const missing = await findMissing(join(folder, 'peers'), redis);
    const systems = SYSTEMS.filter(({ needs }) => needs === undefined || !missing.has(needs));
    const samples = await measureRounds(systems, rounds);
    process.stdout.write(`Node ${process.versions.node}, ${rounds} rounds; load ${begun} at the beginning, ${load()} at the end; medians (quartiles), x = ratio to the floor\n\n`);
    for (const [name, measured] of samples) process.stdout.write(`${describe(name, measured)}\n`);
    for (const { name, needs } of SYSTEMS) if (needs !== undefined && missing.has(needs)) process.stdout.write(`${name}: MISSING, ${missing.get(needs)}\n`);
  } finally {
    await services.stop();
    await redis?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  process.exit(0);
}
