import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { openBackupFile, BackupFileWriter } from '../../src/infrastructure/backup/backup-file.js';
import type { BackupManifest } from '../../src/infrastructure/backup/backup-manifest.js';
import { backupKey, type BackupKey } from '../../src/infrastructure/backup/frame-cipher.js';
import { makeBackup } from '../../src/infrastructure/backup/make-backup.js';
import { OpenedBackup } from '../../src/infrastructure/backup/read-backup.js';
import { restoreBackup, type RestoredTable } from '../../src/infrastructure/backup/restore-backup.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

export const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url));
export const KEY: BackupKey = backupKey(randomBytes(32));

/** A folder that is gone at the end of the test file. */
export async function temporaryFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'perch-backup-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** The migrations of Perch and one more, as a later version would have it. */
export async function migrationsWith(folder: string, className: string, up: string): Promise<string> {
  const path = join(folder, 'migrations');
  await mkdir(path, { recursive: true });
  for (const file of (await readdir(MIGRATIONS)).filter((name) => name.endsWith('.js'))) {
    await writeFile(join(path, file), `export * from ${JSON.stringify(pathToFileURL(join(MIGRATIONS, file)).href)};\n`);
  }
  await writeFile(join(path, `${/\d{13}$/.exec(className)![0]}-later.js`), `export class ${className} { async up(runner) { await runner.query(${JSON.stringify(up)}); } async down() {} }\n`);
  return path;
}

export async function backUpToFile(database: TestDatabase, path: string, key: BackupKey | null = KEY): Promise<BackupManifest> {
  return makeBackup(database.ownerUrl, await BackupFileWriter.create(path), key);
}

export interface Restoring {
  readonly migrations?: string;
  readonly replaces?: boolean;
  readonly keys?: readonly BackupKey[];
}

export async function restoreFromFile(path: string, database: TestDatabase, { migrations = MIGRATIONS, replaces = false, keys = [KEY] }: Restoring = {}): Promise<RestoredTable[]> {
  const source = await openBackupFile(path);
  try {
    return await restoreBackup(await OpenedBackup.open(source, keys), { url: database.ownerUrl, migrations, replaces });
  } finally {
    await source.close();
  }
}

export const emptyDatabase = (): Promise<TestDatabase> => createTestDatabase('template0');

/** Each table with the number of its rows and a hash over all of them, but for what a backup leaves out. */
export async function contentOf(database: TestDatabase): Promise<Record<string, string>> {
  const tables = await database.query<{ name: string }>(
    "SELECT relname::text AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname NOT IN ('migration', 'backup_block') ORDER BY 1");
  const content: Record<string, string> = {};
  for (const { name } of tables) {
    const [row] = await database.query<{ content: string }>(`SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, E'\\n' ORDER BY t::text COLLATE "C")), '') AS content FROM ${name} t`);
    content[name] = row!.content;
  }
  return content;
}

/** The code with which the work fails. */
export const codeOf = (work: Promise<unknown>): Promise<string> => work.then(() => 'it did not fail', (error: { code?: string; message: string }) => error.code ?? error.message);
