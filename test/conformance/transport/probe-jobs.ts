import 'reflect-metadata';
import { Inject, Injectable, Module } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { systemContext } from '../../../src/common/request-context.js';
import { Database } from '../../../src/infrastructure/database/database.js';
import { InfrastructureModule } from '../../../src/infrastructure/infrastructure.module.js';
import { defineJob } from '../../../src/serverless-jobs/definition/define-job.js';
import { JobHandler, type JobWork } from '../../../src/serverless-jobs/definition/job-handler.js';
import type { RunningJob } from '../../../src/serverless-jobs/runner/running-job.js';
import { ServerlessJobsModule } from '../../../src/serverless-jobs/serverless-jobs.module.js';
import { eventually } from '../../support/eventually.js';

export const WORKSPACE = '01a20d21-0000-7000-8000-00000000000b';

/** What the jobs of this suite write to, besides their own rows. */
export const TABLES = `
CREATE TABLE effect (label text, pid int, at timestamptz DEFAULT clock_timestamp());
CREATE TABLE begun (label text, pid int, at timestamptz DEFAULT clock_timestamp());
CREATE TABLE gate (label text);
GRANT SELECT, INSERT ON effect, begun, gate TO perch_app`;

const payload = z.object({
  label: z.string(),
  /** Attempts that fail before one succeeds. */
  failures: z.number().default(0),
  /** Milliseconds that the work takes. */
  takes: z.number().default(0),
  /** Name of the gate that must be open before the effect. */
  gate: z.string().nullable().default(null),
});

export const probeJob = defineJob({ name: 'probe', payload, retries: 2, backoff: { base: 100, jitter: 0 } });
export const chunkedJob = defineJob({ name: 'chunked', payload: z.object({ label: z.string(), chunks: z.number() }) });

@Injectable()
@JobHandler(probeJob)
class ProbeHandler implements JobWork<typeof probeJob> {
  constructor(@Inject(Database) private readonly database: Database) {}

  async handle(job: RunningJob, { label, failures, takes, gate }: z.output<typeof payload>): Promise<void> {
    await this.database.write(systemContext(null), (manager) => manager.query('INSERT INTO begun (label, pid) VALUES ($1, $2)', [label, process.pid]));
    if (job.attempt <= failures) throw new Error('Told to fail.');
    if (takes > 0) await pause(takes);
    if (gate !== null) await eventually('the gate is open', async () => (await this.open(gate)).length > 0, 50_000);
    await job.complete(async (manager) => {
      await manager.query('INSERT INTO effect (label, pid) VALUES ($1, $2)', [label, process.pid]);
      return {};
    });
  }

  private open(gate: string): Promise<object[]> {
    return this.database.write(systemContext(null), (manager) => manager.query('SELECT 1 FROM gate WHERE label = $1', [gate]));
  }
}

@Injectable()
@JobHandler(chunkedJob)
class ChunkedHandler implements JobWork<typeof chunkedJob> {
  async handle(job: RunningJob, { label, chunks }: { label: string; chunks: number }): Promise<void> {
    for (let chunk = Number(job.cursor?.['next'] ?? 0); chunk < chunks; chunk++) {
      job.yieldIfDue();
      await pause(50);
      await job.advance({ cursor: { next: chunk + 1 }, done: chunk + 1, total: chunks }, (manager) => manager.query('INSERT INTO effect (label, pid) VALUES ($1, $2)', [`${label} ${chunk}`, process.pid]));
    }
  }
}

@Module({ imports: [InfrastructureModule, ServerlessJobsModule], providers: [ProbeHandler, ChunkedHandler] })
export class ProbeModule {}
