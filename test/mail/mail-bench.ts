import 'reflect-metadata';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { setImmediate as turn } from 'node:timers/promises';
import { AppModule } from '../../src/app.module.js';
import { systemContext, type RequestContext } from '../../src/common/request-context.js';
import { Database } from '../../src/infrastructure/database/database.js';
import { MailService, type NewMail } from '../../src/platform/mail/mail.service.js';
import { JobRunnerService, type JobOutcome } from '../../src/serverless-jobs/runner/job-runner.service.js';
import { SECRET } from '../support/perch.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const WORKSPACE = '01a20d21-0000-7000-8000-00000000000a';

export interface MailRow {
  readonly state: string;
  readonly attempts: number;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly messageId: string;
  readonly hasSentAt: boolean;
}

const MAIL: NewMail = { to: { address: 'ada@example.com', name: 'Ada' }, subject: 'Hello', text: 'A first line.', kind: 'test' };

/** The whole application with a mail server or without; the test delivers the jobs itself. */
export class MailBench {
  readonly context: RequestContext = systemContext(WORKSPACE);

  private constructor(
    readonly database: TestDatabase,
    readonly nest: INestApplicationContext,
  ) {}

  static async open(smtpUrl: string | null): Promise<MailBench> {
    const database = await createTestDatabase();
    await database.query("INSERT INTO workspace (id, slug, name) VALUES ($1, 'bench', 'Bench')", [WORKSPACE]);
    Object.assign(process.env, {
      DATABASE_URL: database.applicationUrl, PERCH_PUBLIC_URL: 'http://127.0.0.1:9', PERCH_SECRET: SECRET, QSTASH_URL: 'http://127.0.0.1:9', QSTASH_TOKEN: 'nobody', LOG_LEVEL: 'silent',
      MAIL_FROM: 'Perch Tests <jobs@perch.example>', SMTP_URL: smtpUrl ?? '',
    });
    return new MailBench(database, await NestFactory.createApplicationContext(AppModule, { logger: false, abortOnError: false }));
  }

  send(mail: Partial<NewMail> = {}): Promise<string> {
    return this.nest.get(MailService).send(this.context, { ...MAIL, ...mail });
  }

  write<T>(work: () => Promise<T>): Promise<T> {
    return this.nest.get(Database).write(this.context, work);
  }

  /** Delivers the job of the mail, made due if it waits. */
  async deliver(mailId: string): Promise<JobOutcome> {
    const [job] = await this.database.query<{ id: string }>("UPDATE background_job SET run_at = now() WHERE type = 'sendMail' AND subject_id = $1 RETURNING id", [mailId]);
    return this.nest.get(JobRunnerService).run({ workspaceId: WORKSPACE, jobId: job!.id, messageId: null }, performance.now() + 50_000);
  }

  async mail(id: string): Promise<MailRow> {
    const [row] = await this.database.query<MailRow>(
      `SELECT state, attempts, error_code AS "errorCode", error_message AS "errorMessage", message_id AS "messageId", sent_at IS NOT NULL AS "hasSentAt"
       FROM mail_message WHERE id = $1`, [id]);
    return row!;
  }

  async close(): Promise<void> {
    await this.nest.close();
    await turn();
    await this.database.drop();
  }
}
