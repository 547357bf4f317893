import 'reflect-metadata';
import { Module, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { startWorker } from '../../src/bootstrap/worker.js';
import { systemContext } from '../../src/common/request-context.js';
import { InfrastructureModule } from '../../src/infrastructure/infrastructure.module.js';
import { JobPublisher } from '../../src/serverless-jobs/outbox/job-publisher.js';
import { drainCall } from '../../src/serverless-jobs/outbox/wake-up.js';
import { JobRunnerDoor } from '../../src/serverless-jobs/runner/job-runner.door.js';
import { TracedAttempts } from '../../src/serverless-jobs/runner/traced-attempts.service.js';
import { ServerlessJobService } from '../../src/serverless-jobs/serverless-job.service.js';
import { ServerlessJobsModule } from '../../src/serverless-jobs/serverless-jobs.module.js';
import { closedLoop, Completions, timed } from './closed-loop.js';
import { BACKLOG, SEVERAL, SEVERAL_JOBS, SINGLE_JOBS, WORKFLOWS, type Measurement } from './measurement.js';
import { noOp, NoOpHandler, threeSteps, ThreeStepsHandler } from './perch-jobs.js';
import { serveDoor } from './perch-server.js';

const WORKSPACE = '01a20d21-0000-7000-8000-00000000000a';
const LATER_MS = 3_600_000;
/** As many as a bulk enqueue of this size sends. */
const DRAINS = 20;
const LOOK_MS = 5;
const context = systemContext(WORKSPACE);

@Module({ imports: [InfrastructureModule, ServerlessJobsModule], providers: [NoOpHandler, ThreeStepsHandler] })
class BenchmarkModule {}

/** The row of the job says done, looked at again and again: for the rare one that a drain on the side took. */
async function untilDone(owner: pg.Client, id: string): Promise<void> {
  while ((await owner.query("SELECT 1 FROM background_job WHERE id = $1 AND state = 'done'", [id])).rowCount === 0) await pause(LOOK_MS);
}

/** Tells of each job when the transaction that marks it as done has been committed. */
function watch(nest: INestApplicationContext, owner: pg.Client): { completions: Completions; stop: () => void } {
  const completions = new Completions();
  const attempts = nest.get(TracedAttempts, { strict: false });
  const run = attempts.run.bind(attempts);
  attempts.run = async (claimed, until, collect) => {
    const outcome = await run(claimed, until, collect);
    if (collect === undefined) completions.done(claimed.id);
    else void untilDone(owner, claimed.id).then(() => completions.done(claimed.id));
    return outcome;
  };
  return { completions, stop: () => (attempts.run = run) };
}

async function prepare(owner: pg.Client): Promise<void> {
  await owner.connect();
  await owner.query('TRUNCATE background_job CASCADE');
  await owner.query("INSERT INTO workspace (id, slug, name) VALUES ($1, 'benchmark', 'Benchmark') ON CONFLICT DO NOTHING", [WORKSPACE]);
}

/** The backlog is put there for later, then made due and announced, so that nothing of it is done before the clock starts. */
async function measureDrain(nest: INestApplicationContext, owner: pg.Client): Promise<{ bulk: number; drain: number }> {
  await owner.query('TRUNCATE background_job CASCADE');
  const payloads = Array.from({ length: BACKLOG }, (_, index) => ({ index }));
  const bulk = await timed(() => nest.get(ServerlessJobService, { strict: false }).enqueueMany(context, noOp, payloads, { delay: LATER_MS }));
  await owner.query('UPDATE background_job SET run_at = now()');
  await owner.query('VACUUM ANALYZE background_job');
  const took = await timed(async () => {
    await nest.get(JobPublisher, { strict: false }).publish(Array.from({ length: DRAINS }, () => drainCall(new Date())));
    while ((await owner.query("SELECT 1 FROM background_job WHERE state IN ('queued', 'running') LIMIT 1")).rowCount !== 0) await pause(LOOK_MS);
  });
  const { rows } = await owner.query<{ done: number; noted: number }>(
    "SELECT (SELECT count(*)::int FROM background_job WHERE state = 'done') AS done, (SELECT count(*)::int FROM job_attempt) AS noted");
  if (rows[0]!.done !== BACKLOG || rows[0]!.noted !== BACKLOG) throw new Error(`Of ${BACKLOG} jobs ${rows[0]!.done} were done, in ${rows[0]!.noted} attempts.`);
  return { bulk, drain: (BACKLOG / took) * 1_000 };
}

/** Perch's jobs as they are, over the transport that JOB_TRANSPORT names; who enqueues and who works are one process. */
export async function measure(): Promise<Measurement> {
  const owner = new pg.Client({ connectionString: process.env['DIRECT_URL'] });
  await prepare(owner);
  const nest = await NestFactory.createApplicationContext(BenchmarkModule, { logger: false, abortOnError: false });
  if (process.env['JOB_TRANSPORT'] === 'qstash') await serveDoor(nest.get(JobRunnerDoor, { strict: false }), Number(new URL(process.env['PERCH_PUBLIC_URL']!).port));
  if (process.env['JOB_TRANSPORT'] === 'bullmq') await startWorker(nest, SEVERAL);
  const { completions, stop } = watch(nest, owner);
  const jobs = nest.get(ServerlessJobService, { strict: false });
  const one = async (index: number): Promise<number> => completions.wait(await jobs.enqueue(context, noOp, { index }));
  const single = await closedLoop(1, SINGLE_JOBS, one);
  const several = await closedLoop(SEVERAL, SEVERAL_JOBS, one);
  const workflow = await closedLoop(1, WORKFLOWS, async (index) => completions.wait(await jobs.enqueue(context, threeSteps, { index })));
  stop();
  return { single, several, workflow, ...(await measureDrain(nest, owner)) };
}
