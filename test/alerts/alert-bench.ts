import 'reflect-metadata';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppModule } from '../../src/app.module.js';
import { systemContext, type RequestContext } from '../../src/common/request-context.js';
import { JobRunnerService, type JobOutcome } from '../../src/serverless-jobs/runner/job-runner.service.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const WORKSPACE = '01a20d21-0000-7000-8000-00000000000a';
const USERS = { owner: '01a20d21-0000-7000-8000-0000000000a1', admin: '01a20d21-0000-7000-8000-0000000000a2', recruiter: '01a20d21-0000-7000-8000-0000000000a3' } as const;

/** The whole application on a database of its own, with a webhook that notes what it is sent. */
export class AlertBench {
  readonly context: RequestContext = systemContext(WORKSPACE);
  /** What the webhook got. */
  readonly received: Record<string, unknown>[] = [];
  /** What the webhook answers, in order; 204 when there is nothing left. */
  readonly answers: number[] = [];

  private constructor(
    readonly database: TestDatabase,
    readonly nest: INestApplicationContext,
    private readonly server: Server,
  ) {}

  static async open(): Promise<AlertBench> {
    const database = await createTestDatabase();
    await database.query("INSERT INTO workspace (id, slug, name) VALUES ($1, 'bench', 'Bench')", [WORKSPACE]);
    for (const [role, id] of Object.entries(USERS)) {
      await database.query('INSERT INTO user_account (id, email, display_name) VALUES ($1, $2, $2)', [id, `${role}@example.com`]);
      await database.query('INSERT INTO membership (id, workspace_id, user_id, role) VALUES ($1, $2, $1, $3)', [id, WORKSPACE, role]);
    }
    let bench: AlertBench | null = null;
    const server = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        bench?.received.push(JSON.parse(text) as Record<string, unknown>);
        response.writeHead(bench?.answers.shift() ?? 204).end();
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    Object.assign(process.env, {
      DATABASE_URL: database.applicationUrl, PERCH_PUBLIC_URL: 'http://127.0.0.1:9', QSTASH_URL: 'http://127.0.0.1:9', QSTASH_TOKEN: 'nobody', LOG_LEVEL: 'silent', DATABASE_POOL_SIZE: '12',
      ALERT_WEBHOOK_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/alerts`, ALERT_EMAIL: 'operator@example.com', JOB_HISTORY_MEGABYTES: '1',
      PERCH_SECRET: 'a-secret-that-only-the-tests-know-0123456789',
    });
    bench = new AlertBench(database, await NestFactory.createApplicationContext(AppModule, { logger: false, abortOnError: false }), server);
    return bench;
  }

  /** A job that no version knows, after all its patience. */
  async insertDoomed(type: string): Promise<string> {
    const [row] = await this.database.query<{ id: string }>(
      `INSERT INTO background_job (id, workspace_id, type, payload, max_attempts, fence, actor_type) VALUES (gen_random_uuid(), $1, $2, '{}', 1, 200, 'system') RETURNING id`, [WORKSPACE, type]);
    return row!.id;
  }

  deliver(jobId: string): Promise<JobOutcome> {
    return this.nest.get(JobRunnerService, { strict: false }).run({ workspaceId: WORKSPACE, jobId, messageId: null }, performance.now() + 50_000);
  }

  /** Makes the jobs of the type due, delivers each and tells how that went. */
  async deliverAll(type: string): Promise<string[]> {
    const jobs = await this.database.query<{ id: string }>("UPDATE background_job SET run_at = now() WHERE type = $1 AND state = 'queued' RETURNING id", [type]);
    const kinds: string[] = [];
    for (const { id } of jobs) kinds.push((await this.deliver(id)).kind);
    return kinds;
  }

  /** Makes the last sweep so many minutes old. */
  ageSweep(minutes: number): Promise<object[]> {
    return this.database.query("INSERT INTO system_heartbeat (name, at) VALUES ('sweep', now() - make_interval(mins => $1)) ON CONFLICT (name) DO UPDATE SET at = excluded.at", [minutes]);
  }

  async close(): Promise<void> {
    await this.nest.close();
    await new Promise((done) => this.server.close(done));
    await this.database.drop();
  }
}
