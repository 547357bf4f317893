import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Clock, SystemClock } from '../common/clock.js';
import { ENVIRONMENT } from '../config/environment.token.js';
import { processEnvironment, type Environment } from '../config/environment.js';
import { createDataSource } from './database/data-source.js';
import { assertRestrictedRole } from './database/restricted-role.js';
import { Database } from './database/database.js';
import { EntityLoader } from './database/entity-loader.js';
import { Logger } from './logging/logger.js';
import { MailSender } from './mail/mail-sender.js';
import { OutboxMailSender } from './mail/outbox-mail-sender.js';
import { SmtpMailSender } from './mail/smtp-mail-sender.js';
import { DatabaseObjectStorage } from './object-storage/database-object-storage.js';
import { ObjectStorage } from './object-storage/object-storage.js';
import { RedisConnection } from './redis/redis.js';

async function connectDatabase(environment: Environment, logger: Logger): Promise<Database> {
  if (environment.databaseUrl === null) throw new Error('DATABASE_URL is missing. "npm start" provides an embedded server.');
  const dataSource = createDataSource({
    url: environment.databaseUrl,
    poolSize: environment.databasePoolSize,
    onPoolError: (error) => logger.warn('a database connection was lost', { error: String(error) }),
  });
  await dataSource.initialize();
  await assertRestrictedRole(dataSource);
  return new Database(dataSource, logger);
}

/** Without a mail server, mails are kept where they can be read. */
function createMailSender({ smtpUrl, mailFrom }: Environment): MailSender {
  return smtpUrl === null || mailFrom === null ? new OutboxMailSender() : new SmtpMailSender(smtpUrl, mailFrom);
}

/** The adapters to the outside, available to all modules. */
@Global()
@Module({
  providers: [
    { provide: ENVIRONMENT, useFactory: processEnvironment },
    { provide: Clock, useClass: SystemClock },
    { provide: Logger, useFactory: (environment: Environment) => new Logger(environment.logLevel), inject: [ENVIRONMENT] },
    { provide: Database, useFactory: connectDatabase, inject: [ENVIRONMENT, Logger] },
    { provide: EntityLoader, useFactory: (database: Database) => new EntityLoader(database), inject: [Database] },
    { provide: ObjectStorage, useFactory: (database: Database) => new DatabaseObjectStorage(database), inject: [Database] },
    { provide: MailSender, useFactory: createMailSender, inject: [ENVIRONMENT] },
    { provide: RedisConnection, useFactory: (environment: Environment, logger: Logger) => new RedisConnection(environment.redisUrl, logger), inject: [ENVIRONMENT, Logger] },
  ],
  exports: [ENVIRONMENT, Clock, Logger, Database, EntityLoader, ObjectStorage, MailSender, RedisConnection],
})
export class InfrastructureModule implements OnApplicationShutdown {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(RedisConnection) private readonly redis: RedisConnection,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await this.redis.close();
    await this.database.dataSource.destroy();
  }
}
