import 'reflect-metadata';
import { Injectable, Module, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { z } from 'zod';
import { systemContext, type RequestContext } from '../../src/common/request-context.js';
import { InfrastructureModule } from '../../src/infrastructure/infrastructure.module.js';
import { defineJob } from '../../src/serverless-jobs/definition/define-job.js';
import { JobHandler, type JobWork } from '../../src/serverless-jobs/definition/job-handler.js';
import { ScheduleService } from '../../src/serverless-jobs/schedules/schedule.service.js';
import { ServerlessJobsModule } from '../../src/serverless-jobs/serverless-jobs.module.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const WORKSPACE = '01a20d21-0000-7000-8000-00000000000a';
const payload = z.object({ slot: z.iso.datetime().optional() });
const allJob = defineJob({ name: 'everySlot', payload, schedule: { cron: '0 * * * *', timeZone: 'UTC', catchUp: 'all' } });
const lastJob = defineJob({ name: 'lastSlot', payload: z.strictObject({}), schedule: { cron: '0 9 * * *' } });
export { lastJob };

@Injectable()
@JobHandler(allJob)
class AllHandler implements JobWork<typeof allJob> {
  async handle(): Promise<void> {}
}
@Injectable()
@JobHandler(lastJob)
class LastHandler implements JobWork<typeof lastJob> {
  async handle(): Promise<void> {}
}

@Module({ imports: [InfrastructureModule, ServerlessJobsModule], providers: [AllHandler, LastHandler] })
class BenchModule {}

/** An application with two schedules, in a workspace in Berlin; nothing listens where its transport sends to. */
export class ScheduleBench {
  readonly context: RequestContext = systemContext(WORKSPACE);
  readonly schedules: ScheduleService;

  private constructor(
    readonly database: TestDatabase,
    readonly nest: INestApplicationContext,
  ) {
    this.schedules = nest.get(ScheduleService);
  }

  static async open(): Promise<ScheduleBench> {
    const database = await createTestDatabase();
    await database.query("INSERT INTO workspace (id, slug, name, time_zone) VALUES ($1, 'bench', 'Bench', 'Europe/Berlin')", [WORKSPACE]);
    Object.assign(process.env, {
      DATABASE_URL: database.applicationUrl, PERCH_PUBLIC_URL: 'http://127.0.0.1:9', QSTASH_URL: 'http://127.0.0.1:9', QSTASH_TOKEN: 'nobody', LOG_LEVEL: 'silent', DATABASE_POOL_SIZE: '12',
    });
    return new ScheduleBench(database, await NestFactory.createApplicationContext(BenchModule, { logger: false, abortOnError: false }));
  }

  /** Fresh rows, and no jobs. */
  async reset(): Promise<void> {
    await this.database.query('DELETE FROM background_job');
    await this.database.query('DELETE FROM job_schedule');
    await this.schedules.syncRows();
  }

  /** Makes the schedule's next slot so many hours old, on the hour. */
  miss(name: string, hours: number): Promise<object[]> {
    return this.database.query("UPDATE job_schedule SET next_slot = date_trunc('hour', now()) - make_interval(hours => $2) WHERE name = $1", [name, hours]);
  }

  async jobs(name: string): Promise<{ key: string; slot: string | null }[]> {
    return this.database.query(`SELECT dedupe_key AS key, payload->>'slot' AS slot FROM background_job WHERE type = $1 ORDER BY dedupe_key`, [name]);
  }

  async row(name: string): Promise<{ timeZone: string; paused: boolean; ahead: boolean; cron: string }> {
    const [row] = await this.database.query<{ timeZone: string; paused: boolean; ahead: boolean; cron: string }>(
      'SELECT cron, time_zone AS "timeZone", paused, next_slot > now() AS ahead FROM job_schedule WHERE name = $1', [name]);
    return row!;
  }

  async close(): Promise<void> {
    await this.nest.close();
    await this.database.drop();
  }
}
