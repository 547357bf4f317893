import 'reflect-metadata';
import { Injectable, Module, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { setImmediate as turn } from 'node:timers/promises';
import { z } from 'zod';
import type { JsonObject } from '../../src/common/json.js';
import { systemContext, type RequestContext } from '../../src/common/request-context.js';
import { Database } from '../../src/infrastructure/database/database.js';
import { InfrastructureModule } from '../../src/infrastructure/infrastructure.module.js';
import { JobControlService } from '../../src/serverless-jobs/control/job-control.service.js';
import { defineJob } from '../../src/serverless-jobs/definition/define-job.js';
import { JobHandler, type JobWork } from '../../src/serverless-jobs/definition/job-handler.js';
import { NonRetryableError } from '../../src/serverless-jobs/definition/non-retryable-error.js';
import { JobRunnerService, type JobOutcome } from '../../src/serverless-jobs/runner/job-runner.service.js';
import type { RunningJob } from '../../src/serverless-jobs/runner/running-job.js';
import type { EnqueueOptions } from '../../src/serverless-jobs/enqueue/new-job.js';
import { ServerlessJobService } from '../../src/serverless-jobs/serverless-job.service.js';
import { ServerlessJobsModule } from '../../src/serverless-jobs/serverless-jobs.module.js';
import { StubQStash } from '../support/stub-qstash.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

export const WORKSPACE = '01a20d21-0000-7000-8000-00000000000a';
export const OTHER_WORKSPACE = '01a20d21-0000-7000-8000-00000000000b';
/** Longer than any test: the invocation never runs out of time by itself. */
const BUDGET_MS = 50_000;

export const countJob = defineJob({ name: 'count', payload: z.object({ label: z.string().max(50) }), retries: 2, timeout: 1_500 });

type Behaviour = (job: RunningJob) => Promise<JsonObject | void>;

/** What the next attempts do before they store their effect; empty means at once. */
export const behaviours: Behaviour[] = [];
export const failing: Behaviour = async () => {
  throw new Error('the weather was bad');
};
export const refusing: Behaviour = async () => {
  throw new NonRetryableError('NEVER', 'This can never work.');
};

@Injectable()
@JobHandler(countJob)
export class CountHandler implements JobWork<typeof countJob> {
  async handle(job: RunningJob, { label }: { label: string }): Promise<void> {
    await behaviours.shift()?.(job);
    await job.complete(async (manager) => {
      await manager.query('INSERT INTO effect (label, attempt) VALUES ($1, $2)', [label, job.attempt]);
      return { label };
    });
  }
}

export interface BenchedJob {
  readonly state: string;
  readonly attempts: number;
  readonly fence: number;
  readonly wake: number;
  readonly parked: boolean;
  readonly percent: number;
  readonly cursor: JsonObject | null;
  readonly counters: JsonObject | null;
  readonly result: JsonObject | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  /** Milliseconds until it is due, by the database's clock. */
  readonly dueIn: number;
  readonly waits: boolean;
}

const JOB = `SELECT state, attempts, fence, wake, parked, progress_percent AS percent, cursor, counters, result, error_code AS "errorCode", error_message AS "errorMessage",
  (extract(epoch FROM run_at - now()) * 1000)::float8 AS "dueIn", run_at > now() AS waits FROM background_job WHERE id = $1`;

/** An application with a few kinds of jobs, on a database of its own; what it publishes is only written down. */
export class JobBench {
  readonly context: RequestContext = systemContext(WORKSPACE);

  private constructor(
    readonly database: TestDatabase,
    readonly qstash: StubQStash,
    readonly nest: INestApplicationContext,
  ) {}

  /** `handlers` are the classes that do the work of the jobs a test defines, beside the one that counts. With `in-process` it runs what it enqueues. */
  static async open(handlers: readonly (new () => object)[] = [], transport: 'qstash' | 'in-process' = 'qstash'): Promise<JobBench> {
    const database = await createTestDatabase();
    const qstash = await StubQStash.open();
    await database.query("INSERT INTO workspace (id, slug, name) VALUES ($1, 'bench', 'Bench'), ($2, 'other', 'Other')", [WORKSPACE, OTHER_WORKSPACE]);
    await database.query('CREATE TABLE effect (label text, attempt int); GRANT INSERT ON effect TO perch_app');
    Object.assign(process.env, {
      DATABASE_URL: database.applicationUrl, PERCH_PUBLIC_URL: 'http://127.0.0.1:9', QSTASH_URL: qstash.url, QSTASH_TOKEN: 'nobody', LOG_LEVEL: 'silent', DATABASE_POOL_SIZE: '12', JOB_TRANSPORT: transport,
    });
    @Module({ imports: [InfrastructureModule, ServerlessJobsModule], providers: [CountHandler, ...handlers] })
    class BenchModule {}
    return new JobBench(database, qstash, await NestFactory.createApplicationContext(BenchModule, { logger: false, abortOnError: false }));
  }

  get jobs(): ServerlessJobService {
    return this.nest.get(ServerlessJobService);
  }

  get control(): JobControlService {
    return this.nest.get(JobControlService);
  }

  enqueue(label: string, options: EnqueueOptions = {}): Promise<string> {
    return this.jobs.enqueue(this.context, countJob, { label }, options);
  }

  /** A delivery of the job, as the door hands it to the runner. */
  deliver(jobId: string, { workspaceId = WORKSPACE, budget = BUDGET_MS, messageId = null as string | null } = {}): Promise<JobOutcome> {
    return this.nest.get(JobRunnerService).run({ workspaceId, jobId, messageId }, performance.now() + budget);
  }

  /** Runs the work as a write of this workspace. */
  write<T>(work: () => Promise<T>): Promise<T> {
    return this.nest.get(Database).write(this.context, work);
  }

  /** Makes a waiting job due; the database's clock decides, so its row is changed. */
  makeDue(jobId: string): Promise<object[]> {
    return this.database.query('UPDATE background_job SET run_at = now() WHERE id = $1', [jobId]);
  }

  /** Lets the lease of a running job run out. */
  expireLease(jobId: string): Promise<object[]> {
    return this.database.query("UPDATE background_job SET lease_until = now() - interval '1 second' WHERE id = $1", [jobId]);
  }

  async job(id: string): Promise<BenchedJob> {
    return (await this.database.query<BenchedJob>(JOB, [id]))[0]!;
  }

  async outcomes(id: string): Promise<string[]> {
    return (await this.database.query<{ outcome: string }>('SELECT outcome FROM job_attempt WHERE background_job_id = $1 ORDER BY number', [id])).map(({ outcome }) => outcome);
  }

  effects(label: string): Promise<object[]> {
    return this.database.query('SELECT attempt FROM effect WHERE label = $1', [label]);
  }

  async close(): Promise<void> {
    await this.nest.close();
    await this.qstash.close();
    await turn();
    await this.database.drop();
  }
}
