import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { DataSource, MigrationExecutor, type MigrationInterface } from 'typeorm';
import { timestampsIn } from './applied-migrations.js';
import { isPooledByTransaction } from './connection-probe.js';

/** Any fixed number will do; it only has to differ from other locks in the same database. */
const MIGRATION_LOCK = 7_071_977;
const CONNECT_LIMIT_MS = 8_000;

type MigrationClass = new () => MigrationInterface;

async function loadMigrations(folder: string): Promise<MigrationClass[]> {
  const files = (await readdir(folder)).filter((file) => /^\d{13}-[\w-]+\.js$/.test(file)).sort();
  if (files.length === 0) throw new Error(`No migrations were found in ${folder}. Run "npm run build" first.`);
  const modules = await Promise.all(files.map((file) => import(pathToFileURL(join(folder, file)).href) as Promise<Record<string, MigrationClass>>));
  return modules.flatMap((module) => Object.values(module));
}

/** Gives the login of the application, if it is not the owner itself, the rights of the group role that migrations grant to. */
async function ensureLogin(client: pg.Client, applicationUrl: string): Promise<void> {
  const { username, password } = new URL(applicationUrl);
  const owner = await client.query<{ name: string }>('SELECT current_user::text AS name');
  const login = decodeURIComponent(username);
  if (login === '' || login === owner.rows[0]?.name || login === 'perch_app') return;
  const exists = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [login]);
  const name = client.escapeIdentifier(login);
  if (exists.rowCount === 0) {
    const secret = password === '' ? '' : ` PASSWORD ${client.escapeLiteral(decodeURIComponent(password))}`;
    await client.query(`CREATE ROLE ${name} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS${secret}`);
  }
  await client.query(`GRANT perch_app TO ${name}`);
}

/** Runs the work while holding the migration lock on a connection of its own, so that only one process migrates. */
async function withLock<T>(ownerUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'perch-migrate' });
  await client.connect();
  try {
    if (await isPooledByTransaction(client, ownerUrl)) throw new Error('DIRECT_URL leads through a pooler in transaction mode, where the lock of migrations is lost. Set it to the direct address of the database.');
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    return await work(client);
  } finally {
    await client.end();
  }
}

async function migrationSource(ownerUrl: string, folder: string, only?: readonly string[]): Promise<DataSource> {
  const migrations = (await loadMigrations(folder)).filter(({ name }) => only?.includes(name) ?? true);
  const source = new DataSource({
    type: 'postgres', driver: pg, url: ownerUrl, installExtensions: false, migrations,
    migrationsTableName: 'migration', migrationsTransactionMode: 'each',
  });
  return source.initialize();
}

/** Applies what is missing and returns the names of the applied migrations. Safe to call from several processes at once. */
export async function migrateUp(ownerUrl: string, applicationUrl: string, folder: string): Promise<string[]> {
  return withLock(ownerUrl, async (client) => {
    const source = await migrationSource(ownerUrl, folder);
    try {
      const applied = await source.runMigrations();
      await ensureLogin(client, applicationUrl);
      return applied.map((migration) => migration.name);
    } finally {
      await source.destroy();
    }
  });
}

/** Takes back the newest migration. `transaction: none` because TypeORM ignores a migration's own setting here. */
export async function migrateDown(ownerUrl: string, folder: string): Promise<void> {
  await withLock(ownerUrl, async () => {
    const source = await migrationSource(ownerUrl, folder);
    try {
      await source.undoLastMigration({ transaction: 'none' });
    } finally {
      await source.destroy();
    }
  });
}

/** Where a database stands, by the timestamps of migrations. */
export interface MigrationState {
  readonly applied: readonly string[];
  readonly pending: readonly string[];
  /** Applied by a version that knows more than this one. */
  readonly unknown: readonly string[];
}

/** Compares the folder with what the database has applied; it waits for nobody and changes nothing. */
export async function migrationState(ownerUrl: string, folder: string): Promise<MigrationState> {
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'perch-migrate', connectionTimeoutMillis: CONNECT_LIMIT_MS });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const known = await timestampsIn(folder);
    const { rows: [table] } = await client.query<{ found: boolean }>("SELECT to_regclass('public.migration') IS NOT NULL AS found");
    const { rows } = table!.found ? await client.query<{ timestamp: string }>('SELECT timestamp::text FROM migration ORDER BY timestamp') : { rows: [] };
    const done = new Set(rows.map(({ timestamp }) => timestamp));
    return { applied: known.filter((at) => done.has(at)), pending: known.filter((at) => !done.has(at)), unknown: [...done].filter((at) => !known.includes(at)) };
  } finally {
    await client.end();
  }
}

/** The names of all migrations, in their order. */
export const migrationNames = async (folder: string): Promise<string[]> => (await loadMigrations(folder)).map(({ name }) => name);

interface SchemaWork<T> {
  before(client: pg.ClientBase): Promise<void>;
  after(client: pg.ClientBase): Promise<T>;
}

/** Applies the named migrations between two pieces of work, all in one transaction on one connection, which is rolled back when any of it throws. */
export async function inNewSchema<T>(ownerUrl: string, folder: string, names: readonly string[], { before, after }: SchemaWork<T>): Promise<T> {
  return withLock(ownerUrl, async () => {
    const source = await migrationSource(ownerUrl, folder, names);
    const runner = source.createQueryRunner();
    try {
      const client = (await runner.connect()) as pg.ClientBase;
      await runner.startTransaction();
      await before(client);
      await Object.assign(new MigrationExecutor(source, runner), { transaction: 'none' as const }).executePendingMigrations();
      const result = await after(client);
      await runner.commitTransaction();
      return result;
    } catch (error) {
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
      throw error;
    } finally {
      await runner.release();
      await source.destroy();
    }
  });
}
