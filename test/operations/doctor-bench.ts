import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MovableClock, SystemClock, type Clock } from '../../src/common/clock.js';
import type { S3Settings } from '../../src/config/object-storage.js';
import { examine } from '../../src/cli/doctor.js';
import type { Finding } from '../../src/cli/doctor/finding.js';
import { S3Server } from '../conformance/object-storage/s3-server.js';
import { FakeModelServer } from '../support/fake-model-server.js';
import { MailServer } from '../support/mail-server.js';
import { startRedis, type Program } from '../support/programs.js';
import { QStashBench } from '../support/qstash.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

export const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url));

/** A bucket whose key is not one of those in examples. */
class Bucket extends S3Server {
  override get settings(): S3Settings {
    return { ...super.settings, secretAccessKey: 'Bt5/Wn8Xq2Lc7Zr4+Kd' };
  }
}

type Variables = Readonly<Record<string, string>>;

/** Every service that Perch can have, on this machine, and the environment that names them all. */
export class Surroundings {
  private constructor(
    readonly database: TestDatabase,
    readonly redis: Program,
    readonly qstash: QStashBench,
    readonly storage: S3Server,
    readonly mail: MailServer,
    readonly model: FakeModelServer,
    readonly folder: string,
    readonly variables: Variables,
  ) {}

  static async open(): Promise<Surroundings> {
    const [database, redis, qstash] = [await createTestDatabase(), await startRedis(), await QStashBench.open()];
    const [storage, mail, model] = [new Bucket(() => new Date()), new MailServer(), new FakeModelServer()];
    await storage.start();
    await model.start();
    model.otherwise = () => ({ text: 'ok' });
    const { endpoint, region, bucket, accessKeyId, secretAccessKey } = storage.settings;
    const folder = await mkdtemp(join(tmpdir(), 'perch-doctor-'));
    return new Surroundings(database, redis, qstash, storage, mail, model, folder, {
      NODE_ENV: 'production', PERCH_DATA_DIR: folder, PERCH_PUBLIC_URL: 'https://perch.example', PERCH_SECRET: 'k9-Zq2mX7vLw4Rt8Yb1Nc6Hd3Jf5Gs0Pa', CRON_SECRET: 'Qw7-Lm3Vx9Zt5Kd1Rb8',
      DATABASE_URL: database.applicationUrl, DIRECT_URL: database.ownerUrl, REDIS_URL: `redis://127.0.0.1:${redis.port}`,
      QSTASH_URL: qstash.server.url, QSTASH_TOKEN: qstash.server.token, QSTASH_CURRENT_SIGNING_KEY: qstash.server.currentSigningKey, QSTASH_NEXT_SIGNING_KEY: qstash.server.nextSigningKey,
      SMTP_URL: await mail.start(), MAIL_FROM: 'jobs@perch.example', PERCH_STORAGE: 's3', S3_ENDPOINT: endpoint, S3_REGION: region, S3_BUCKET: bucket, S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey,
      PERCH_MODEL_PROVIDER: 'openai-compatible', PERCH_MODEL: 'small', PERCH_MODEL_BASE_URL: model.baseUrl, PERCH_MODEL_API_KEY: 'Mk4-Xp8Tz2Vb6Nq1Ws5',
    });
  }

  /** What the doctor finds when some variables are others; null takes one away. */
  examine(changes: Readonly<Record<string, string | null>> = {}, { onFunctions = false, clock = new SystemClock() as Clock } = {}): Promise<readonly Finding[]> {
    const variables = Object.fromEntries(Object.entries({ ...this.variables, ...changes }).filter((entry): entry is [string, string] => entry[1] !== null));
    return examine(variables, onFunctions, MIGRATIONS, clock);
  }

  async close(): Promise<void> {
    await Promise.all([this.redis.stop(), this.qstash.close(), this.storage.stop(), this.mail.stop(), this.model.stop()]);
    await this.database.drop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** What was found that is not as it should be, as `level about`. */
export const faults = (findings: readonly Finding[]): string[] => findings.filter(({ level }) => level !== 'ok').map(({ level, about }) => `${level} ${about}`);
export const clockAt = (offset: number): Clock => new MovableClock(new Date(Date.now() + offset));
