import 'reflect-metadata';
import { Injectable, Module, type INestApplicationContext, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { setImmediate as turn } from 'node:timers/promises';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import type { JsonObject } from '../../../src/common/json.js';
import { systemContext, type RequestContext } from '../../../src/common/request-context.js';
import { Database } from '../../../src/infrastructure/database/database.js';
import { InfrastructureModule } from '../../../src/infrastructure/infrastructure.module.js';
import { defineJob } from '../../../src/serverless-jobs/definition/define-job.js';
import { defineWorkflow } from '../../../src/serverless-jobs/definition/define-workflow.js';
import { JobHandler, type JobWork } from '../../../src/serverless-jobs/definition/job-handler.js';
import { JobRunnerService, type JobOutcome } from '../../../src/serverless-jobs/runner/job-runner.service.js';
import type { RunningJob } from '../../../src/serverless-jobs/runner/running-job.js';
import { ServerlessJobService } from '../../../src/serverless-jobs/serverless-job.service.js';
import { ServerlessJobsModule } from '../../../src/serverless-jobs/serverless-jobs.module.js';
import { WorkflowHandler, type WorkflowWork } from '../../../src/serverless-jobs/workflows/workflow-handler.js';
import { WorkflowEvents } from '../../../src/serverless-jobs/workflows/workflow-events.service.js';
import type { StepAttempt, WorkflowRun, WorkflowSteps } from '../../../src/serverless-jobs/workflows/workflow-steps.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';

export const WORKSPACE = '01a20d21-0000-7000-8000-00000000000a';
export const OTHER_WORKSPACE = '01a20d21-0000-7000-8000-00000000000b';

export const scriptWorkflow = defineWorkflow({ name: 'script', version: 2, payload: z.object({ script: z.string().max(50) }), retries: 2 });
export const queueWorkflow = defineWorkflow({ name: 'queue', payload: z.object({ script: z.string().max(50) }), concurrencyKey: () => 'queue' });
export const childJob = defineJob({ name: 'child', payload: z.object({ label: z.string().max(50) }), retries: 0, dedupeKey: ({ label }) => label });

export type Script = (step: WorkflowSteps, run: WorkflowRun) => Promise<JsonObject | void>;

/** What the workflow of that name does at present; another function is another version of it. */
export const scripts = new Map<string, Script>();
export const childBehaviour = new Map<string, (job: RunningJob) => Promise<JsonObject>>();

@Injectable()
@WorkflowHandler(scriptWorkflow)
class ScriptHandler implements WorkflowWork<typeof scriptWorkflow> {
  run(step: WorkflowSteps, { script }: { script: string }, run: WorkflowRun): Promise<JsonObject | void> {
    return scripts.get(script)!(step, run);
  }
}

@Injectable()
@WorkflowHandler(queueWorkflow)
class QueueHandler extends ScriptHandler {}

@Injectable()
@JobHandler(childJob)
class ChildHandler implements JobWork<typeof childJob> {
  async handle(job: RunningJob, { label }: { label: string }): Promise<JsonObject> {
    return (await childBehaviour.get(label)?.(job)) ?? { label };
  }
}

@Module({ imports: [InfrastructureModule, ServerlessJobsModule], providers: [ScriptHandler, QueueHandler, ChildHandler] })
class BenchModule {}

export interface StoredStep {
  readonly name: string;
  readonly kind: string;
  readonly state: string;
  readonly attempts: number;
  readonly code: string | null;
  readonly result: unknown;
}

interface StoredRun {
  readonly state: string;
  readonly attempts: number;
  readonly code: string | null;
  readonly message: string | null;
  readonly result: JsonObject | null;
  readonly wait: number;
  readonly progress: string | null;
}

/** An application whose workflows each test writes itself, on a database of its own; nothing listens where its transport sends to. */
export class WorkflowBench {
  readonly context: RequestContext = systemContext(WORKSPACE);

  private constructor(
    readonly database: TestDatabase,
    readonly nest: INestApplicationContext,
  ) {}

  static async open(): Promise<WorkflowBench> {
    const database = await createTestDatabase();
    await database.query("INSERT INTO workspace (id, slug, name) VALUES ($1, 'bench', 'Bench'), ($2, 'other', 'Other')", [WORKSPACE, OTHER_WORKSPACE]);
    await database.query('CREATE TABLE effect (label text, number int); GRANT INSERT, SELECT ON effect TO perch_app');
    Object.assign(process.env, {
      DATABASE_URL: database.applicationUrl, PERCH_PUBLIC_URL: 'http://127.0.0.1:9', QSTASH_URL: 'http://127.0.0.1:9', QSTASH_TOKEN: 'nobody', LOG_LEVEL: 'silent',
      DATABASE_POOL_SIZE: '12', PERCH_JOB_BUDGET_SECONDS: '8',
    });
    return new WorkflowBench(database, await NestFactory.createApplicationContext(BenchModule, { logger: false, abortOnError: false }));
  }

  get<T>(token: Type<T>): T {
    return this.nest.get(token);
  }

  /** Begins a run of the script under a name of its own. */
  start(name: string, script: Script): Promise<string> {
    scripts.set(name, script);
    return this.get(ServerlessJobService).enqueue(this.context, scriptWorkflow, { script: name });
  }

  /** A delivery of the run, as the door hands it to the runner; `budget` is the invocation's time in milliseconds. */
  deliver(id: string, budget = 8_000): Promise<JobOutcome> {
    return this.get(JobRunnerService).run({ workspaceId: WORKSPACE, jobId: id, messageId: null }, performance.now() + budget);
  }

  /** Makes everything that the run waits for by the clock due, in the database whose clock decides, and delivers it. */
  async deliverDue(id: string): Promise<JobOutcome> {
    await this.database.query("UPDATE workflow_step SET due_at = now() WHERE background_job_id = $1 AND state IN ('waiting', 'retrying') AND kind <> 'event'", [id]);
    return this.deliverNow(id);
  }

  /** Delivers the run as if its time had come, whatever it waits for. */
  async deliverNow(id: string): Promise<JobOutcome> {
    await this.database.query('UPDATE background_job SET run_at = now() WHERE id = $1', [id]);
    return this.deliver(id);
  }

  /** Lets the lease of a running attempt run out. */
  expire(id: string): Promise<object[]> {
    return this.database.query("UPDATE background_job SET lease_until = now() - interval '1 second' WHERE id = $1", [id]);
  }

  send(name: string, payload: JsonObject): Promise<void> {
    return this.get(WorkflowEvents).send(systemContext(WORKSPACE), name, payload);
  }

  write<T>(work: (manager: EntityManager, context: RequestContext) => Promise<T>): Promise<T> {
    const context = systemContext(WORKSPACE);
    return this.get(Database).write(context, (manager) => work(manager, context));
  }

  async run(id: string): Promise<StoredRun> {
    const [row] = await this.database.query<StoredRun>(
      `SELECT state, attempts, error_code AS code, error_message AS message, result, extract(epoch FROM run_at - now())::float8 AS wait, progress_message AS progress FROM background_job WHERE id = $1`, [id]);
    return row!;
  }

  steps(id: string): Promise<StoredStep[]> {
    return this.database.query<StoredStep>(
      'SELECT name, kind, state, attempts, error_code AS code, result FROM workflow_step WHERE background_job_id = $1 ORDER BY position', [id]);
  }

  async outcomes(id: string): Promise<string[]> {
    return (await this.database.query<{ outcome: string }>('SELECT outcome FROM job_attempt WHERE background_job_id = $1 ORDER BY number', [id])).map(({ outcome }) => outcome);
  }

  /** The numbers stored as effects under the label. */
  async effects(label: string): Promise<number[]> {
    return (await this.database.query<{ number: number }>('SELECT number FROM effect WHERE label = $1 ORDER BY number', [label])).map(({ number }) => number);
  }

  async close(): Promise<void> {
    await this.nest.close();
    await turn();
    await this.database.drop();
  }
}

/** The work of a step that stores one effect together with its result. */
export const effect = (label: string, number = 1) => (attempt: StepAttempt): Promise<number> =>
  attempt.complete(async (manager) => {
    await manager.query('INSERT INTO effect (label, number) VALUES ($1, $2)', [label, number]);
    return number;
  });

/** A step that stops where it is until the test lets it go. */
export function gate(): { readonly reached: Promise<void>; readonly pass: () => Promise<void>; open(): void } {
  let open = (): void => undefined;
  let arrive = (): void => undefined;
  const reached = new Promise<void>((resolve) => (arrive = resolve));
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { reached, open: () => open(), pass: () => { arrive(); return opened; } };
}
