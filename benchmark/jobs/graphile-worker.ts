import { EventEmitter } from 'node:events';
import pg from 'pg';
import { closedLoop, Completions, Countdown, timed } from './closed-loop.js';
import { BACKLOG, SEVERAL, SEVERAL_JOBS, SINGLE_JOBS, type Latency, type Measurement } from './measurement.js';
import { emptyDatabase } from './own-database.js';
import { importPeer } from './peers.js';

const CHUNK = 1_000;
const LOCAL_QUEUE = 500;

/** The part of graphile-worker that is used here. */
interface GraphileWorker {
  readonly Logger: new (factory: () => () => void) => object;
  makeWorkerUtils(options: object): Promise<{
    migrate(): Promise<void>;
    addJob(name: string, payload: object): Promise<{ id: string }>;
    addJobs(jobs: readonly { identifier: string; payload: object }[]): Promise<unknown>;
  }>;
  run(options: object): Promise<{ stop(): Promise<void> }>;
}

interface Shape {
  readonly concurrentJobs: number;
  readonly localQueue: { readonly size: number };
}

/** A pool that tells which jobs a statement of graphile-worker removed: that is how it marks them as done. */
function watchedPool(connectionString: string, onDone: (ids: readonly string[]) => void): pg.Pool {
  const pool = new pg.Pool({ connectionString, max: SEVERAL + 6 });
  pool.on('error', () => undefined);
  pool.on('connect', (client) => {
    const query = client.query.bind(client) as (...args: unknown[]) => unknown;
    Object.assign(client, {
      query: (statement: { text?: string; values?: unknown[] } | string, ...rest: unknown[]) => {
        const answer = query(statement, ...rest);
        if (typeof statement === 'object' && /^\s*delete from .*_private_jobs/.test(statement.text ?? '')) {
          const ids = statement.values![0];
          void (answer as Promise<unknown>).then(() => onDone((Array.isArray(ids) ? ids : [ids]).map(String)), () => undefined);
        }
        return answer;
      },
    });
  });
  return pool;
}

/** graphile-worker as its documentation advises for throughput: it fetches ahead and marks jobs as done in batches. */
export async function measure(): Promise<Measurement> {
  const { Logger, makeWorkerUtils, run } = await importPeer<GraphileWorker>('graphile-worker');
  const completions = new Completions();
  let onDone = (ids: readonly string[]): void => ids.forEach((id) => completions.done(id));
  const pgPool = watchedPool(await emptyDatabase('graphile'), (ids) => onDone(ids));
  const logger = new Logger(() => () => undefined);
  const utils = await makeWorkerUtils({ pgPool, logger });
  await utils.migrate();
  const start = (shape: Shape): Promise<{ stop(): Promise<void> }> => run({
    pgPool, logger, taskList: { noOp: async () => undefined }, noHandleSignals: true, parsedCronItems: [], events: new EventEmitter().setMaxListeners(100),
    preset: { worker: { ...shape, completeJobBatchDelay: 0, failJobBatchDelay: 0, logger } },
  });
  const measureLatency = async (atOnce: number, count: number): Promise<Latency> => {
    const runner = await start({ concurrentJobs: atOnce, localQueue: { size: atOnce + 1 } });
    const latency = await closedLoop(atOnce, count, async (index) => completions.wait(String((await utils.addJob('noOp', { index })).id)));
    await runner.stop();
    return latency;
  };
  const single = await measureLatency(1, SINGLE_JOBS);
  const several = await measureLatency(SEVERAL, SEVERAL_JOBS);
  const bulk = await timed(async () => {
    for (let from = 0; from < BACKLOG; from += CHUNK) await utils.addJobs(Array.from({ length: CHUNK }, (_, index) => ({ identifier: 'noOp', payload: { index: from + index } })));
  });
  const countdown = new Countdown(BACKLOG);
  onDone = (ids) => countdown.done(ids.length);
  const took = await timed(async () => {
    await start({ concurrentJobs: SEVERAL, localQueue: { size: LOCAL_QUEUE } });
    await countdown.all;
  });
  return { drain: (BACKLOG / took) * 1_000, single, several, bulk, workflow: null };
}
