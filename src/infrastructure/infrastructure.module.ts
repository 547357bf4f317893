import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Clock, SystemClock } from '../common/clock.js';
import { messageOf } from '../common/errors.js';
import { derivedSealingKey, SecretBox } from '../common/secret-box.js';
import { ENVIRONMENT } from '../config/environment.token.js';
import { processEnvironment, type Environment } from '../config/environment.js';
import { assertSchema } from './database/applied-migrations.js';
import { createDataSource } from './database/data-source.js';
import { assertRestrictedRole } from './database/restricted-role.js';
import { Database } from './database/database.js';
import { EntityLoader } from './database/entity-loader.js';
import { AiSdkLanguageModel } from './language-model/ai-sdk-language-model.js';
import { LanguageModel } from './language-model/language-model.js';
import { RulesLanguageModel } from './language-model/rules-language-model.js';
import { ErrorReporter } from './error-reports/error-reporter.js';
import { Logger } from './logging/logger.js';
import { MailSender } from './mail/mail-sender.js';
import { OutboxMailSender } from './mail/outbox-mail-sender.js';
import { SmtpMailSender } from './mail/smtp-mail-sender.js';
import { createObjectStorage } from './object-storage/create-object-storage.js';
import { DoorAddresses } from './object-storage/door-address.js';
import { ObjectStorage } from './object-storage/object-storage.js';
import { RedisConnection } from './redis/redis.js';
import { Telemetry } from './telemetry/telemetry.js';

const SHOWN_STATEMENT = 500;

async function connectDatabase(environment: Environment, logger: Logger, telemetry: Telemetry): Promise<Database> {
  if (environment.databaseUrl === null) throw new Error('DATABASE_URL is missing. "npm start" provides an embedded server.');
  const dataSource = createDataSource({
    url: environment.databaseUrl,
    poolSize: environment.databasePoolSize,
    prepares: environment.databasePrepares,
    onPoolError: (error) => logger.warn('a database connection was lost', { error: String(error) }),
    onSlowStatement: (statement, milliseconds) => {
      telemetry.count('perch.database.slow', 1);
      logger.warn('a statement was slow', { statement: statement.slice(0, SHOWN_STATEMENT), milliseconds });
    },
  });
  await dataSource.initialize();
  await assertRestrictedRole(dataSource);
  await assertSchema(dataSource);
  return new Database(dataSource, logger, environment.readOnly);
}

/** A fault of the reporting is a warning, which is not reported. */
function createErrorReporter({ sentryDsn, production, logLevel }: Environment): ErrorReporter {
  const logger = new Logger(logLevel);
  return new ErrorReporter(sentryDsn, production ? 'production' : 'development', (error) => logger.warn('an error could not be reported', { error: messageOf(error) }));
}

function createLogger({ logLevel }: Environment, reporter: ErrorReporter): Logger {
  return new Logger(logLevel, undefined, (message, error, fields) => reporter.report({ message, error, fields }));
}

/** Without a mail server, mails are kept where they can be read. */
function createMailSender({ smtpUrl, mailFrom }: Environment): MailSender {
  return smtpUrl === null || mailFrom === null ? new OutboxMailSender() : new SmtpMailSender(smtpUrl, mailFrom);
}

/** Without a language model, the rules of each feature write. */
function createLanguageModel({ languageModel }: Environment): LanguageModel {
  return languageModel.provider === 'rules' ? new RulesLanguageModel() : new AiSdkLanguageModel(languageModel);
}

/** What was sealed before a key was set stays readable. */
function createSecretBox({ sealingKeys, secret }: Environment): SecretBox {
  return new SecretBox([...sealingKeys, ...(secret === null ? [] : [derivedSealingKey(secret)])]);
}

/** The adapters to the outside, available to all modules. */
@Global()
@Module({
  providers: [
    { provide: ENVIRONMENT, useFactory: processEnvironment },
    { provide: Clock, useClass: SystemClock },
    { provide: ErrorReporter, useFactory: createErrorReporter, inject: [ENVIRONMENT] },
    { provide: Logger, useFactory: createLogger, inject: [ENVIRONMENT, ErrorReporter] },
    { provide: Database, useFactory: connectDatabase, inject: [ENVIRONMENT, Logger, Telemetry] },
    { provide: EntityLoader, useFactory: (database: Database) => new EntityLoader(database), inject: [Database] },
    { provide: DoorAddresses, useFactory: ({ secret, publicUrl }: Environment, clock: Clock) => new DoorAddresses(secret, publicUrl, () => clock.now()), inject: [ENVIRONMENT, Clock] },
    { provide: ObjectStorage, useFactory: createObjectStorage, inject: [ENVIRONMENT, Database, DoorAddresses, Clock] },
    { provide: SecretBox, useFactory: createSecretBox, inject: [ENVIRONMENT] },
    { provide: MailSender, useFactory: createMailSender, inject: [ENVIRONMENT] },
    { provide: LanguageModel, useFactory: createLanguageModel, inject: [ENVIRONMENT] },
    { provide: RedisConnection, useFactory: (environment: Environment, logger: Logger) => new RedisConnection(environment.redisUrl, logger), inject: [ENVIRONMENT, Logger] },
    { provide: Telemetry, useFactory: (environment: Environment, logger: Logger) => new Telemetry(environment.telemetryEndpoint, logger, environment.metricsToken !== null), inject: [ENVIRONMENT, Logger] },
  ],
  exports: [ENVIRONMENT, Clock, Logger, Database, EntityLoader, DoorAddresses, ObjectStorage, SecretBox, MailSender, LanguageModel, RedisConnection, Telemetry, ErrorReporter],
})
export class InfrastructureModule implements OnApplicationShutdown {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(RedisConnection) private readonly redis: RedisConnection,
    @Inject(Telemetry) private readonly telemetry: Telemetry,
    @Inject(ErrorReporter) private readonly reporter: ErrorReporter,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await this.telemetry.stop();
    await this.reporter.flush();
    await this.redis.close();
    await this.database.dataSource.destroy();
  }
}
