import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { DataSource } from 'typeorm';
import { DomainError } from '../../common/errors.js';

/** The timestamps of all migrations, put in by the bundler: a function has no folder of them. */
declare const PERCH_MIGRATIONS: readonly string[] | undefined;

const FILE = /^(\d{13})-[\w-]+\.js$/;
const NO_SUCH_TABLE = '42P01';
const NO_RIGHT = '42501';

/** The timestamps of the migrations in a folder of compiled ones. */
export const timestampsIn = async (folder: string): Promise<string[]> => (await readdir(folder)).flatMap((file) => FILE.exec(file)?.[1] ?? []).sort();

/** The timestamps of the migrations that this code was built with. */
const knownTimestamps = (): Promise<readonly string[]> | readonly string[] =>
  (typeof PERCH_MIGRATIONS === 'undefined' ? timestampsIn(fileURLToPath(new URL('../../../migrations', import.meta.url))) : PERCH_MIGRATIONS);

/** The code needs tables or columns that the database does not have yet. */
export const schemaBehind = (missing: number): DomainError =>
  new DomainError('SCHEMA_BEHIND', `The database lacks ${missing} of the migrations of this version. Run "perch migrate up" with DIRECT_URL; nothing has to be started again.`, 503, true, { missing });

/** How many migrations of this version the database lacks. It may have newer ones: an expanded schema suits older code. */
export async function missingMigrations(dataSource: Pick<DataSource, 'query'>): Promise<number> {
  const known = await knownTimestamps();
  try {
    const rows = await dataSource.query<{ timestamp: string }[]>('SELECT timestamp::text FROM migration');
    const applied = new Set(rows.map(({ timestamp }) => timestamp));
    return known.filter((timestamp) => !applied.has(timestamp)).length;
  } catch (error) {
    // Without the table nothing was applied; without the right to read it, not the migration that grants it.
    const { code } = (error as { driverError?: { code?: string } }).driverError ?? (error as { code?: string });
    if (code === NO_SUCH_TABLE) return known.length;
    if (code === NO_RIGHT) return 1;
    throw error;
  }
}

/** Refuses to work on a database that lacks migrations of this version: half of the requests would fail in unforeseen ways. */
export async function assertSchema(dataSource: DataSource): Promise<void> {
  const missing = await missingMigrations(dataSource);
  if (missing === 0) return;
  await dataSource.destroy();
  throw schemaBehind(missing);
}
