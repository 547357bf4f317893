import 'reflect-metadata';
import { Injectable, Module, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { setImmediate as turn } from 'node:timers/promises';
import { z } from 'zod';
import { systemContext, type RequestContext } from '../../src/common/request-context.js';
import { Database } from '../../src/infrastructure/database/database.js';
import { InfrastructureModule } from '../../src/infrastructure/infrastructure.module.js';
import { defineJob } from '../../src/serverless-jobs/definition/define-job.js';
import { JobHandler, type JobWork } from '../../src/serverless-jobs/definition/job-handler.js';
import { NonRetryableError } from '../../src/serverless-jobs/definition/non-retryable-error.js';
import { JobRunnerService, type JobOutcome } from '../../src/serverless-jobs/runner/job-runner.service.js';
import type { RunningJob } from '../../src/serverless-jobs/runner/running-job.js';
import { ServerlessJobService } from '../../src/serverless-jobs/serverless-job.service.js';
import { ServerlessJobsModule } from '../../src/serverless-jobs/serverless-jobs.module.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const WORKSPACE = '01a20d21-0000-7000-8000-00000000000a';

export const countJob = defineJob({ name: 'count', payload: z.object({ label: z.string().max(50) }), retries: 2, timeout: 400 });

type Behaviour = (job: RunningJob) => Promise<void>;

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
class CountHandler implements JobWork<typeof countJob> {
  async handle(job: RunningJob, { label }: { label: string }): Promise<void> {
    await behaviours.shift()?.(job);
    await job.complete(async (manager) => {
      await manager.query('INSERT INTO effect (label, attempt) VALUES ($1, $2)', [label, job.attempt]);
      return { label };
    });
  }
}

@Module({ imports: [InfrastructureModule, ServerlessJobsModule], providers: [CountHandler] })
class BenchModule {}

/** An application with one kind of job, on a database of its own; nothing listens where its transport sends to. */
export class JobBench {
  readonly context: RequestContext = systemContext(WORKSPACE);

  private constructor(
    readonly database: TestDatabase,
    readonly nest: INestApplicationContext,
  ) {}

  static async open(): Promise<JobBench> {
    const database = await createTestDatabase();
    await database.query("INSERT INTO workspace (id, slug, name) VALUES ($1, 'bench', 'Bench')", [WORKSPACE]);
    await database.query('CREATE TABLE effect (label text, attempt int); GRANT INSERT ON effect TO perch_app');
    Object.assign(process.env, {
      DATABASE_URL: database.applicationUrl, PERCH_PUBLIC_URL: 'http://127.0.0.1:9', QSTASH_URL: 'http://127.0.0.1:9', QSTASH_TOKEN: 'nobody', LOG_LEVEL: 'silent', DATABASE_POOL_SIZE: '12',
    });
    return new JobBench(database, await NestFactory.createApplicationContext(BenchModule, { logger: false, abortOnError: false }));
  }

  enqueue(label: string, options = {}): Promise<string> {
    return this.nest.get(ServerlessJobService).enqueue(this.context, countJob, { label }, options);
  }

  /** A delivery of the job, as the door hands it to the runner. */
  deliver(jobId: string): Promise<JobOutcome> {
    return this.nest.get(JobRunnerService).run({ workspaceId: WORKSPACE, jobId, messageId: null }, performance.now() + 50_000);
  }

  /** Runs the work as a write of this workspace. */
  write<T>(work: () => Promise<T>): Promise<T> {
    return this.nest.get(Database).write(this.context, work);
  }

  /** Makes a waiting job due; the database's clock decides, so its row is changed. */
  makeDue(jobId: string): Promise<object[]> {
    return this.database.query('UPDATE background_job SET run_at = now() WHERE id = $1', [jobId]);
  }

  async job(id: string): Promise<{ state: string; attempts: number; errorCode: string | null; errorMessage: string | null; waits: boolean }> {
    const [row] = await this.database.query<{ state: string; attempts: number; errorCode: string | null; errorMessage: string | null; waits: boolean }>(
      'SELECT state, attempts, error_code AS "errorCode", error_message AS "errorMessage", run_at > now() AS waits FROM background_job WHERE id = $1', [id]);
    return row!;
  }

  async outcomes(id: string): Promise<string[]> {
    return (await this.database.query<{ outcome: string }>('SELECT outcome FROM job_attempt WHERE background_job_id = $1 ORDER BY number', [id])).map(({ outcome }) => outcome);
  }

  effects(label: string): Promise<object[]> {
    return this.database.query('SELECT attempt FROM effect WHERE label = $1', [label]);
  }

  async close(): Promise<void> {
    await this.nest.close();
    await turn();
    await this.database.drop();
  }
}
