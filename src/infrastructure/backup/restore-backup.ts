import type pg from 'pg';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { inNewSchema, migrationNames } from '../database/migrations.js';
import { BackupError } from './backup-error.js';
import type { BackupManifest, BackupTable } from './backup-manifest.js';
import { assertSeesEverything, columnList, COPY_SETTINGS, NOT_SAVED, STORED_COLUMNS, tableName } from './owner-connection.js';
import type { OpenedBackup } from './read-backup.js';
import { RowDigest } from './row-digest.js';

export interface RestoreOptions {
  /** The database, as the owner of its tables. */
  readonly url: string;
  /** Folder of the compiled migrations. */
  readonly migrations: string;
  /** Whether a database that holds something is emptied first. */
  readonly replaces: boolean;
}

/** A table after the restore; its digest has been computed from what the database gives back. */
export interface RestoredTable {
  readonly name: string;
  readonly rows: number;
  readonly digest: string;
}

interface ForeignKey {
  readonly table: string;
  readonly name: string;
  readonly definition: string;
}

const FOREIGN_KEYS = `SELECT c.relname::text AS "table", k.conname::text AS name, pg_get_constraintdef(k.oid) AS definition
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid WHERE k.contype = 'f' AND k.connamespace = 'public'::regnamespace ORDER BY 1, 2`;
const TABLES = `SELECT c.relname::text AS name, ${STORED_COLUMNS} AS columns FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY 1`;

/** What migrations may have made beside tables, and what a table does not take along when it goes. */
const ROUTINES = `SELECT format('DROP ROUTINE %s CASCADE', p.oid::regprocedure) AS drop FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
UNION ALL SELECT format('DROP TYPE %s CASCADE', t.oid::regtype) FROM pg_type t WHERE t.typnamespace = 'public'::regnamespace AND t.typtype IN ('e', 'd')
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = t.oid AND d.deptype = 'e')`;

const eachTable = (tables: readonly { readonly name: string }[], change: string): string => tables.map(({ name }) => `ALTER TABLE ${tableName(name)} ${change}`).join('; ');

/** Removes the tables of the database where it is empty, or where it may be emptied. Throws TARGET_NOT_EMPTY. */
async function clear(client: pg.ClientBase, replaces: boolean): Promise<void> {
  const { rows: tables } = await client.query<{ name: string }>(TABLES);
  if (!replaces && tables.length > 0 && !tables.some(({ name }) => name === 'migration')) throw new BackupError('TARGET_NOT_EMPTY', `The database has tables that Perch did not make, like "${tables[0]!.name}". Restore into one of its own.`);
  for (const { name } of tables) {
    if (replaces || NOT_SAVED.includes(name)) continue;
    const { rowCount } = await client.query(`SELECT 1 FROM ${tableName(name)} LIMIT 1`);
    if (rowCount) throw new BackupError('TARGET_NOT_EMPTY', `The database is not empty: "${name}" has rows. Restore into a new one, or say --replace-existing-data.`);
  }
  if (tables.length > 0) await client.query(`DROP TABLE ${tables.map(({ name }) => tableName(name)).join(', ')} CASCADE`);
  const { rows: others } = await client.query<{ drop: string }>(ROUTINES);
  for (const { drop } of others) await client.query(drop);
}

async function load(client: pg.ClientBase, backup: OpenedBackup, { name, columns, blocks }: BackupTable): Promise<void> {
  if (blocks.length === 0) return;
  const { from } = await import('pg-copy-streams');
  async function* rows(): AsyncGenerator<Buffer> {
    for (const block of blocks) yield* backup.block(name, block);
  }
  await pipeline(Readable.from(rows(), { objectMode: false }), client.query(from(`COPY ${tableName(name)} (${columnList(columns)}) FROM STDIN`)));
}

/** Reads the table back and compares it with what was saved. Throws RESTORE_MISMATCH. */
async function compare(client: pg.ClientBase, { name, columns, rows, digest }: BackupTable): Promise<RestoredTable> {
  const { to } = await import('pg-copy-streams');
  const found = new RowDigest();
  for await (const piece of client.query(to(`COPY ${tableName(name)} (${columnList(columns)}) TO STDOUT`))) found.push(piece as Buffer);
  if (found.rows !== rows || found.value !== digest) throw new BackupError('RESTORE_MISMATCH', `"${name}" has ${found.rows} rows after the restore, of ${rows}, or other ones. Nothing was kept.`);
  return { name, rows: found.rows, digest: found.value };
}

async function assertSameTables(client: pg.ClientBase, saved: readonly BackupTable[]): Promise<void> {
  const { rows: made } = await client.query<{ name: string; columns: string[] }>(TABLES);
  for (const { name, columns } of saved) {
    const found = made.find((table) => table.name === name);
    if (found?.columns.join() !== columns.join()) throw new BackupError('BACKUP_NEWER', `The migrations of this version make no table "${name}" with the columns that were saved.`);
  }
}

/** Puts rows into tables that have just been made. Foreign keys are left out while rows come and made again at the end, which proves that they hold. */
async function fill(client: pg.ClientBase, backup: OpenedBackup): Promise<RestoredTable[]> {
  const { tables, sequences } = backup.manifest;
  await assertSameTables(client, tables);
  const { rows: keys } = await client.query<ForeignKey>(FOREIGN_KEYS);
  for (const { table, name } of keys) await client.query(`ALTER TABLE ${tableName(table)} DROP CONSTRAINT ${columnList([name])}`);
  await client.query(eachTable(tables, 'DISABLE TRIGGER USER'));
  for (const table of tables) await load(client, backup, table);
  for (const { name, value, called } of sequences) await client.query('SELECT setval($1::regclass, $2, $3)', [tableName(name), value, called]);
  await client.query(eachTable(tables, 'ENABLE TRIGGER USER'));
  for (const { table, name, definition } of keys) await client.query(`ALTER TABLE ${tableName(table)} ADD CONSTRAINT ${columnList([name])} ${definition}`);
  const restored: RestoredTable[] = [];
  for (const table of tables) restored.push(await compare(client, table));
  return restored;
}

async function assertKnownMigrations({ migrations }: BackupManifest, folder: string): Promise<void> {
  const known = await migrationNames(folder);
  const unknown = migrations.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new BackupError('BACKUP_NEWER', `A later version of Perch made the backup: this one does not know ${unknown.join(', ')}.`);
}

/**
 * Makes the schema as it was, puts all rows into it and compares them with what was saved, in one transaction: a failure changes nothing.
 * The database is then at the migrations of the backup. Throws BackupErrors.
 */
export async function restoreBackup(backup: OpenedBackup, { url, migrations: folder, replaces }: RestoreOptions): Promise<RestoredTable[]> {
  await assertKnownMigrations(backup.manifest, folder);
  return inNewSchema(url, folder, backup.manifest.migrations, {
    before: async (client) => {
      await assertSeesEverything(client);
      await client.query(COPY_SETTINGS);
      await clear(client, replaces);
    },
    after: (client) => fill(client, backup),
  });
}
