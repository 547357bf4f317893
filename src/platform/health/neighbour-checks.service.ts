import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../../common/clock.js';
import { newId } from '../../common/ids.js';
import { systemContext } from '../../common/request-context.js';
import { missingMigrations, schemaBehind } from '../../infrastructure/database/applied-migrations.js';
import { Database } from '../../infrastructure/database/database.js';
import { MailSender } from '../../infrastructure/mail/mail-sender.js';
import { ObjectStorage } from '../../infrastructure/object-storage/object-storage.js';
import { RedisConnection } from '../../infrastructure/redis/redis.js';
import { GOOD, measure, Remembered, type Check, type Finding } from './health-check.js';

/** Health is asked every few seconds, while storages bill calls and mail servers count sign-ins. */
const MEMORY_MS = 60_000;

/** Looks whether what Perch stores in and sends through answers. */
@Injectable()
export class NeighbourChecks {
  private readonly storageCheck: Remembered<Check>;
  private readonly mailCheck: Remembered<Check>;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(RedisConnection) private readonly redis: RedisConnection,
    @Inject(ObjectStorage) private readonly storage: ObjectStorage,
    @Inject(MailSender) private readonly mail: MailSender,
    @Inject(Clock) clock: Clock,
  ) {
    const now = (): number => clock.now().getTime();
    this.storageCheck = new Remembered(MEMORY_MS, () => measure('storage', () => this.storageState()), now);
    this.mailCheck = new Remembered(MEMORY_MS, () => measure('mail', () => this.mailState()), now);
  }

  async run(): Promise<Check[]> {
    const outside = Promise.all([measure('redis', () => this.redisState()), this.storageCheck.get(), this.mailCheck.get()]);
    const inside = [
      await measure('database', () => this.database.dataSource.query('SELECT 1').then(() => GOOD)),
      await measure('schema', () => this.schema()),
      await measure('writing', () => this.writing()),
    ];
    return [...inside, ...(await outside)];
  }

  private async schema(): Promise<Finding> {
    const missing = await missingMigrations(this.database.dataSource);
    return missing === 0 ? GOOD : { ok: false, missing, note: schemaBehind(missing).publicMessage };
  }

  private async writing(): Promise<Finding> {
    const reason = await this.database.readOnlyReason();
    if (reason === null) return GOOD;
    return { ok: false, note: reason === 'switch' ? 'PERCH_READ_ONLY is set' : 'the database follows another one, or refuses writes' };
  }

  private async redisState(): Promise<Finding> {
    const redis = await this.redis.find();
    if (!redis) return { ok: true, note: 'not configured' };
    await redis.ping();
    return GOOD;
  }

  /** Asks for an object that cannot be there, in a workspace that cannot be. */
  private async storageState(): Promise<Finding> {
    await this.storage.find(systemContext(newId()), `documents/${newId()}`);
    return GOOD;
  }

  private async mailState(): Promise<Finding> {
    if (!this.mail.delivers) return { ok: true, note: 'no mail server: mails are kept on the outbox page' };
    await this.mail.verify();
    return GOOD;
  }
}
