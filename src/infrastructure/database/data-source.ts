import pg from 'pg';
import { AbstractLogger, DataSource, getMetadataArgsStorage } from 'typeorm';
import { PlanKeepingClient } from './planned-statements.js';
import { SnakeNaming } from './snake-naming.js';

export interface DataSourceSettings {
  readonly url: string;
  readonly poolSize: number;
  /** Whether connections keep the plans of marked statements. */
  readonly prepares: boolean;
  readonly onPoolError: (error: unknown) => void;
  /** Told of every statement that took longer than a second; its values are left out. */
  readonly onSlowStatement: (statement: string, milliseconds: number) => void;
}

const SLOW_MS = 1_000;

/** Hands on what was slow, and nothing else. */
class SlowStatements extends AbstractLogger {
  constructor(private readonly tell: DataSourceSettings['onSlowStatement']) {
    super();
  }

  override logQuerySlow(milliseconds: number, statement: string): void {
    this.tell(statement, milliseconds);
  }

  protected override writeLog(): void {}
}

/**
 * A data source over every entity that has been loaded, so that an entity is known by being imported.
 * `driver` is given because TypeORM otherwise loads it by a name that no bundler sees. Statements are sent without waiting for
 * the answers to those before them, so that a transaction does not pay a round trip for its BEGIN.
 */
export function createDataSource(settings: DataSourceSettings): DataSource {
  return new DataSource({
    type: 'postgres',
    driver: pg,
    url: settings.url,
    applicationName: 'perch',
    entities: getMetadataArgsStorage().tables.map((table) => table.target as () => void),
    namingStrategy: new SnakeNaming(),
    synchronize: false,
    migrationsRun: false,
    logger: new SlowStatements(settings.onSlowStatement),
    maxQueryExecutionTime: SLOW_MS,
    installExtensions: false,
    uuidExtension: 'pgcrypto',
    poolErrorHandler: settings.onPoolError,
    connectTimeoutMS: 8_000,
    extra: { ...(settings.prepares ? { Client: PlanKeepingClient } : {}), pipeline: true, max: settings.poolSize, idleTimeoutMillis: 5_000, allowExitOnIdle: true },
  });
}
