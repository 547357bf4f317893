import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { migrateUp } from '../../src/infrastructure/database/migrations.js';
import { ensureDatabase } from '../../src/infrastructure/embedded-postgres/embedded-postgres.js';
import { bundleInstance } from '../faults/bundle-instance.js';
import { Gateway } from './gateway.js';
import { randomNumbers } from './random.js';
import { RestlessDatabase, RestlessProcess } from './restless-programs.js';

const JOBS = 1_000;
const WORKFLOWS = 100;
const INSTANCES = 3;
const ORDERS_AT_ONCE = 8;
/** For so long processes are killed and the database is brought down; then everything may end in peace. */
const CHAOS_MS = 60_000;
const LIMIT_MS = 165_000;
const WORKSPACE = '01a20d21-0000-7000-8000-00000000000a';
const distribution = fileURLToPath(new URL('../../', import.meta.url));

/** Time passes for a part of what waits: leases of living and of dead processes run out, calls that were lost become old. */
const PASS_TIME = `
UPDATE background_job SET lease_until = lease_until - interval '30 seconds', published_at = published_at - interval '90 seconds', run_at = least(run_at, now()) - interval '90 seconds'
WHERE state IN ('queued', 'running', 'waiting') AND random() < $1`;
const ENDS = `SELECT state, count(*)::int AS count FROM background_job GROUP BY state`;
/** What should stand in the ledger and does not, or stands there more than once. */
const WRONG = `
WITH wanted AS (
  SELECT o.key, s.step FROM placed_order o CROSS JOIN LATERAL unnest(CASE WHEN o.key LIKE 'job %' THEN '{0,1,2,3}'::int[] ELSE '{1,2,3,4,5}'::int[] END) AS s (step)
), found AS (SELECT key, step, count(*) AS times FROM ledger GROUP BY key, step)
SELECT key, step, coalesce(times, 0)::int AS times FROM wanted FULL JOIN found USING (key, step) WHERE times IS DISTINCT FROM 1 LIMIT 20`;

let database: RestlessDatabase;
let qstash: RestlessProcess;
let instances: RestlessProcess[] = [];
let gateway: Gateway;
let bundle: { program: string; folder: string };

async function query<Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> {
  const client = new pg.Client({ connectionString: database.running.ownerUrl('perch') });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(sql, values)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function openDatabase(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'perch-chaos-'));
  await chmod(folder, 0o755);
  database = await RestlessDatabase.start(folder);
  for (const name of ['perch', 'qstash']) await ensureDatabase(database.running, name);
  const application = Object.assign(new URL(database.running.ownerUrl('perch')), { username: 'perch_web', password: 'only-for-tests' }).href;
  await migrateUp(database.running.ownerUrl('perch'), application, join(distribution, 'migrations'));
  await query(`INSERT INTO workspace (id, slug, name) VALUES ('${WORKSPACE}', 'chaos', 'Chaos')`);
  await query('CREATE TABLE placed_order (key text PRIMARY KEY); CREATE TABLE ledger (key text, step int); GRANT SELECT, INSERT ON placed_order, ledger TO perch_app');
  return application;
}

beforeAll(async () => {
  const application = await openDatabase();
  bundle = await bundleInstance();
  gateway = await Gateway.open(() => instances.filter(({ isReady }) => isReady).map(({ port }) => port));
  const qstashUrl = database.running.ownerUrl('qstash');
  qstash = await RestlessProcess.start(join(distribution, 'src', 'qstash-server', 'main.js'), (port) => ({ QSTASH_DATABASE_URL: qstashUrl, QSTASH_PORT: String(port), QSTASH_ALLOWED_ORIGINS: gateway.url }));
  while (!qstash.isReady) await pause(50);
  const client = new pg.Client({ connectionString: qstashUrl });
  await client.connect();
  const settings = new Map((await client.query<{ name: string; value: string }>('SELECT name, value FROM qstash.setting')).rows.map(({ name, value }) => [name, value]));
  await client.end();
  instances = await Promise.all(Array.from({ length: INSTANCES }, () => RestlessProcess.start(bundle.program, (port) => ({
    NODE_ENV: 'test', LOG_LEVEL: 'silent', PORT: String(port), DATABASE_URL: application, PERCH_PUBLIC_URL: gateway.url, QSTASH_URL: `http://127.0.0.1:${qstash.port}`,
    QSTASH_TOKEN: settings.get('token')!, QSTASH_CURRENT_SIGNING_KEY: settings.get('current')!, QSTASH_NEXT_SIGNING_KEY: settings.get('next')!,
  }))));
});

afterAll(async () => {
  await Promise.all([...instances, qstash].map((program) => program.stop()));
  gateway.close();
  await database.stop();
  await rm(bundle.folder, { recursive: true, force: true });
});

/** Orders until it is accepted, as a client that got no answer would. */
async function order(key: string, kind: string, deadline: number): Promise<void> {
  while (Date.now() < deadline) {
    const accepted = await fetch(`${gateway.url}/order`, { method: 'POST', body: JSON.stringify({ workspaceId: WORKSPACE, key, kind }), signal: AbortSignal.timeout(10_000) }).then(({ ok }) => ok, () => false);
    if (accepted) return;
    await pause(100);
  }
}

async function orderAll(deadline: number): Promise<void> {
  const orders = [...Array.from({ length: JOBS }, (_, index) => [`job ${index}`, 'stubbornChunks']), ...Array.from({ length: WORKFLOWS }, (_, index) => [`flow ${index}`, 'fiveSteps'])];
  const rest = orders.sort(([a], [b]) => (a!.split(' ')[1]! < b!.split(' ')[1]! ? -1 : 1));
  await Promise.all(Array.from({ length: ORDERS_AT_ONCE }, async () => {
    for (let next = rest.shift(); next; next = rest.shift()) await order(next[0]!, next[1]!, deadline);
  }));
}

async function wreak(random: () => number, until: number): Promise<void> {
  for (let turn = 1; Date.now() < until; turn++) {
    await pause(500 + random() * 1_500);
    await instances[Math.floor(random() * instances.length)]!.kill();
    if (turn % 4 === 0) await database.crash();
    if (turn % 7 === 0) await qstash.kill();
  }
}

/** What a clock does: sweeps every second. It goes on until it is told to stop. */
async function keepSweeping(isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    await pause(1_000);
    await query(PASS_TIME, [0.3]).catch(() => undefined);
    await fetch(`${gateway.url}/sweep`, { method: 'POST', signal: AbortSignal.timeout(10_000) }).catch(() => undefined);
  }
}

it('a restless world loses and doubles nothing', async () => {
  const begin = Date.now();
  let over = false;
  const sweeping = keepSweeping(() => over);
  await Promise.all([orderAll(begin + LIMIT_MS), wreak(randomNumbers(20_261_124), begin + CHAOS_MS)]);
  const left = async (): Promise<number> => (await query<{ state: string; count: number }>(ENDS)).filter(({ state }) => ['queued', 'running', 'waiting'].includes(state)).reduce((sum, { count }) => sum + count, 0);
  while ((await left()) > 0 && Date.now() < begin + LIMIT_MS) await pause(500);
  over = true;
  await sweeping;
  expect(await query(ENDS)).toEqual([{ state: 'done', count: JOBS + WORKFLOWS }]);
  expect(await query('SELECT count(*)::int AS count FROM placed_order')).toEqual([{ count: JOBS + WORKFLOWS }]);
  expect(await query(WRONG)).toEqual([]);
  expect(database.restarts).toBeGreaterThanOrEqual(3);
  expect(instances.reduce((sum, { kills }) => sum + kills, 0)).toBeGreaterThanOrEqual(12);
}, LIMIT_MS + 30_000);
