import { Queue, Worker } from 'bullmq';
import { closedLoop, Completions, Countdown, timed } from './closed-loop.js';
import { BACKLOG, SEVERAL, SEVERAL_JOBS, SINGLE_JOBS, type Latency, type Measurement } from './measurement.js';

const CHUNK = 1_000;
const connection = { url: process.env['REDIS_URL']!, maxRetriesPerRequest: null };
const removed = { removeOnComplete: true } as const;

async function measureLatency(atOnce: number, count: number): Promise<Latency> {
  const name = `latency-${atOnce}-${Date.now()}`;
  const queue = new Queue(name, { connection, defaultJobOptions: removed });
  const worker = new Worker(name, async () => undefined, { connection, concurrency: atOnce });
  const completions = new Completions();
  worker.on('completed', ({ id }) => completions.done(id!));
  await worker.waitUntilReady();
  const latency = await closedLoop(atOnce, count, async (index) => completions.wait((await queue.add('no-op', { index })).id!));
  await worker.close();
  await queue.close();
  return latency;
}

/** BullMQ itself, on Redis that writes its log to disk once a second: not as durable as a committed row. */
export async function measure(): Promise<Measurement> {
  const single = await measureLatency(1, SINGLE_JOBS);
  const several = await measureLatency(SEVERAL, SEVERAL_JOBS);
  const name = `drain-${Date.now()}`;
  const queue = new Queue(name, { connection, defaultJobOptions: removed });
  const bulk = await timed(async () => {
    for (let from = 0; from < BACKLOG; from += CHUNK) await queue.addBulk(Array.from({ length: CHUNK }, (_, index) => ({ name: 'no-op', data: { index: from + index } })));
  });
  const countdown = new Countdown(BACKLOG);
  const worker = new Worker(name, async () => undefined, { connection, concurrency: SEVERAL, autorun: false });
  worker.on('completed', () => countdown.done());
  await worker.waitUntilReady();
  const took = await timed(() => {
    void worker.run();
    return countdown.all;
  });
  await worker.close();
  await queue.close();
  return { drain: (BACKLOG / took) * 1_000, single, several, bulk, workflow: null };
}
