import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { closedLoop, Completions, Countdown, timed } from './closed-loop.js';
import { BACKLOG, SEVERAL, SEVERAL_JOBS, SINGLE_JOBS, type Latency, type Measurement } from './measurement.js';
import { emptyDatabase } from './own-database.js';
import { importPeer } from './peers.js';

const CHUNK = 1_000;
const WORKERS = 4;
const BATCH = 100;
const POLLING = { pollingIntervalSeconds: 0.5 } as const;

/** The part of pg-boss that is used here. */
interface Boss {
  start(): Promise<unknown>;
  stop(options: { graceful: boolean }): Promise<void>;
  on(event: 'error', listener: (error: unknown) => void): void;
  createQueue(name: string): Promise<void>;
  send(name: string, data: object, options: { id: string }): Promise<string | null>;
  insert(jobs: readonly { id: string; name: string; data: object }[]): Promise<unknown>;
  work(name: string, options: { batchSize: number; pollingIntervalSeconds: number }, handler: (jobs: unknown[]) => Promise<void>): Promise<string>;
  notifyWorker(id: string): void;
}
interface PgBossModule {
  readonly default: new (options: { db: { executeSql(text: string, values: unknown[]): Promise<pg.QueryResult> }; schedule: boolean; supervise: boolean }) => Boss;
}

/** It says nothing when a job is done, so its own statement that marks jobs as done is watched. */
async function openBoss(pool: pg.Pool, onDone: (ids: readonly string[]) => void): Promise<Boss> {
  const { default: PgBoss } = await importPeer<PgBossModule>('pg-boss');
  const boss = new PgBoss({
    schedule: false, supervise: false,
    db: {
      executeSql: async (text, values) => {
        const result = await pool.query(text, values);
        if (text.includes('SET completed_on')) onDone(values[1] as string[]);
        return result;
      },
    },
  });
  boss.on('error', (error) => process.stderr.write(`pg-boss: ${String(error)}\n`));
  await boss.start();
  return boss;
}

/** One worker that takes as many at once as are under way and is told of each new job, instead of finding it by polling. */
async function measureLatency(boss: Boss, completions: Completions, atOnce: number, count: number): Promise<Latency> {
  const queue = `latency-${atOnce}`;
  await boss.createQueue(queue);
  const worker = await boss.work(queue, { batchSize: atOnce, ...POLLING }, async () => undefined);
  return closedLoop(atOnce, count, async (index) => {
    const id = randomUUID();
    await boss.send(queue, { index }, { id });
    boss.notifyWorker(worker);
    return completions.wait(id);
  });
}

/** pg-boss as its documentation advises for throughput: few workers, batches, no pause while there is work. */
export async function measure(): Promise<Measurement> {
  const pool = new pg.Pool({ connectionString: await emptyDatabase('pgboss'), max: SEVERAL + 2 });
  const completions = new Completions();
  let onDone = (ids: readonly string[]): void => ids.forEach((id) => completions.done(id));
  const boss = await openBoss(pool, (ids) => onDone(ids));
  const single = await measureLatency(boss, completions, 1, SINGLE_JOBS);
  const several = await measureLatency(boss, completions, SEVERAL, SEVERAL_JOBS);
  await boss.createQueue('drain');
  const bulk = await timed(async () => {
    for (let from = 0; from < BACKLOG; from += CHUNK) await boss.insert(Array.from({ length: CHUNK }, (_, index) => ({ id: randomUUID(), name: 'drain', data: { index: from + index } })));
  });
  const countdown = new Countdown(BACKLOG);
  onDone = (ids) => countdown.done(ids.length);
  const took = await timed(async () => {
    for (let started = 0; started < WORKERS; started++) {
      let id: string | null = null;
      id = await boss.work('drain', { batchSize: BATCH, ...POLLING }, async () => {
        if (id !== null) boss.notifyWorker(id);
      });
      boss.notifyWorker(id);
    }
    await countdown.all;
  });
  await boss.stop({ graceful: false });
  return { drain: (BACKLOG / took) * 1_000, single, several, bulk, workflow: null };
}
