import 'reflect-metadata';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { AppModule } from '../../src/app.module.js';
import { MovableClock } from '../../src/common/clock.js';
import { newId } from '../../src/common/ids.js';
import { systemContext, type RequestContext } from '../../src/common/request-context.js';
import { backupKey, type BackupKey } from '../../src/infrastructure/backup/frame-cipher.js';
import { OpenedBackup } from '../../src/infrastructure/backup/read-backup.js';
import { restoreBackup } from '../../src/infrastructure/backup/restore-backup.js';
import { INSTALLATION, StoredBackups } from '../../src/infrastructure/backup/stored-backups.js';
import { ObjectStorage } from '../../src/infrastructure/object-storage/object-storage.js';
import { BackupDatabase } from '../../src/platform/backups/backup-database.handler.js';
import { JobRunnerService, type JobOutcome } from '../../src/serverless-jobs/runner/job-runner.service.js';
import { StubQStash } from '../support/stub-qstash.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { MIGRATIONS, temporaryFolder } from './backup-bench.js';

export const WORKSPACE = '01a20d21-0000-7000-8000-00000000000a';
/** The handler keeps so much of an invocation for its end. */
const RESERVE_MS = 10_000;

export interface BackupResult {
  readonly id: string;
  readonly at: string;
  readonly rows: number;
  readonly passes: number;
  readonly deleted: number;
  readonly skipped?: string;
}

/** The whole application on a database of its own, with a folder as object storage; the test delivers the jobs. */
export class DailyBench {
  readonly context: RequestContext = systemContext(WORKSPACE);
  /** What the alert webhook got. */
  readonly alerts: Record<string, unknown>[] = [];

  private constructor(
    readonly database: TestDatabase,
    readonly nest: INestApplicationContext,
    readonly folder: string,
    readonly key: BackupKey,
    readonly clock: MovableClock,
    private readonly closing: () => Promise<void>,
  ) {}

  static async open(extra: Readonly<Record<string, string>> = {}): Promise<DailyBench> {
    const [database, folder, secret] = [await createTestDatabase(), await temporaryFolder(), randomBytes(32)];
    await database.query("INSERT INTO workspace (id, slug, name) VALUES ($1, 'bench', 'Bench')", [WORKSPACE]);
    const qstash = await StubQStash.open();
    let bench: DailyBench | null = null;
    const server: Server = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        bench?.alerts.push(JSON.parse(text) as Record<string, unknown>);
        response.writeHead(204).end();
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    Object.assign(process.env, {
      DATABASE_URL: database.applicationUrl, DIRECT_URL: database.ownerUrl, PERCH_STORAGE: 'disk', PERCH_STORAGE_DIR: join(folder.path, 'objects'), BACKUP_KEY: secret.toString('base64'),
      PERCH_PUBLIC_URL: 'http://127.0.0.1:9', PERCH_SECRET: 'a-secret-that-only-the-tests-know-0123456789', QSTASH_URL: qstash.url, QSTASH_TOKEN: 'nobody', LOG_LEVEL: 'silent', DATABASE_POOL_SIZE: '12',
      ALERT_WEBHOOK_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/alerts`, ...extra,
    });
    const nest = await NestFactory.createApplicationContext(AppModule, { logger: false, abortOnError: false });
    const clock = new MovableClock(new Date());
    Object.assign(nest.get(BackupDatabase, { strict: false }), { clock });
    bench = new DailyBench(database, nest, folder.path, backupKey(secret), clock, async () => {
      await nest.close();
      await qstash.close();
      await new Promise((done) => server.close(done));
      await database.drop();
      await folder.remove();
    });
    return bench;
  }

  get<T>(token: abstract new (...values: never[]) => T): T {
    return this.nest.get<T>(token, { strict: false });
  }

  get backups(): StoredBackups {
    return new StoredBackups(this.get(ObjectStorage));
  }

  /** A backup that nobody delivers but the test. */
  async enqueue(): Promise<string> {
    const id = newId();
    await this.database.query("INSERT INTO background_job (id, workspace_id, type, payload, max_attempts, actor_type, concurrency_key) VALUES ($1, $2, 'backupDatabase', '{}', 6, 'system', 'backup')", [id, WORKSPACE]);
    return id;
  }

  /** Delivers the job to an invocation that may begin blocks for so many milliseconds. */
  deliver(jobId: string, milliseconds = 40_000): Promise<JobOutcome> {
    return this.get(JobRunnerService).run({ workspaceId: WORKSPACE, jobId, messageId: null }, performance.now() + RESERVE_MS + milliseconds);
  }

  async job(id: string): Promise<{ state: string; result: BackupResult; errorCode: string | null; cursor: { id: string; phase: string; passes: number } }> {
    const [row] = await this.database.query<{ state: string; result: BackupResult; errorCode: string | null; cursor: { id: string; phase: string; passes: number } }>(
      'SELECT state, result, error_code AS "errorCode", cursor FROM background_job WHERE id = $1', [id]);
    return row!;
  }

  /** Makes a backup from beginning to end and returns what the job tells of it. */
  async backUp(): Promise<BackupResult> {
    const id = await this.enqueue();
    const outcome = await this.deliver(id);
    if (outcome.kind !== 'done') throw new Error(`The backup ended as ${outcome.kind}: ${(await this.job(id)).errorCode}.`);
    return (await this.job(id)).result;
  }

  async restore(id: string, database: TestDatabase): Promise<void> {
    await restoreBackup(await OpenedBackup.open(this.backups.source(id), [this.key]), { url: database.ownerUrl, migrations: MIGRATIONS, replaces: false });
  }

  /** The folder of the installation's objects. */
  get objects(): string {
    return join(this.folder, 'objects', INSTALLATION);
  }

  close(): Promise<void> {
    return this.closing();
  }
}
