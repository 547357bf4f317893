import { parseArgs } from 'node:util';
import { SystemClock } from '../common/clock.js';
import { messageOf } from '../common/errors.js';
import { newId } from '../common/ids.js';
import { processEnvironment, type Environment } from '../config/environment.js';
import { BackupError } from '../infrastructure/backup/backup-error.js';
import { BackupFileWriter } from '../infrastructure/backup/backup-file.js';
import { rowsOf, sizeOf, type BackupManifest } from '../infrastructure/backup/backup-manifest.js';
import type { BackupTarget } from '../infrastructure/backup/backup-place.js';
import { backupKey, type BackupKey } from '../infrastructure/backup/frame-cipher.js';
import { makeBackup } from '../infrastructure/backup/make-backup.js';
import { OpenedBackup } from '../infrastructure/backup/read-backup.js';
import { missingFiles, saveFiles } from '../infrastructure/backup/saved-files.js';
import { backupSource, outerStorage, storedBackups } from './backup-place.js';

const USAGE = `Usage: perch backup [--to FILE] [--files | --with-files] [--unencrypted]
       perch backup list
       perch backup verify NAME|FILE
`;
const OPTIONS = { to: { type: 'string' }, files: { type: 'boolean' }, 'with-files': { type: 'boolean' }, unencrypted: { type: 'boolean' } } as const;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

function sealingKey({ backupKeys }: Environment, unencrypted: boolean): BackupKey | null {
  if (unencrypted) return null;
  if (backupKeys[0] === undefined) throw new BackupError('BACKUP_KEY_MISSING', 'Set BACKUP_KEY (openssl rand -base64 32), or say --unencrypted.');
  return backupKey(backupKeys[0]);
}

interface Wishes {
  readonly to?: string;
  readonly files?: boolean;
  readonly 'with-files'?: boolean;
  readonly unencrypted?: boolean;
}

async function make(environment: Environment, target: BackupTarget, wishes: Wishes): Promise<BackupManifest> {
  const key = sealingKey(environment, wishes.unencrypted === true);
  if (environment.directUrl === null) throw new BackupError('BACKUP_NEEDS_DIRECT_URL', 'Set DIRECT_URL to the database, as the owner of its tables.');
  const withContent = wishes['with-files'] === true;
  if (!withContent && wishes.files !== true) return makeBackup(environment.directUrl, target, key);
  // Files in the database are rows like others.
  if (environment.objectStorage.kind === 'database') return makeBackup(environment.directUrl, target, key, () => Promise.resolve([]));
  // All of Perch is loaded only for this: a backup of the rows has to work with as little as possible.
  const { fileKinds } = await import('./file-kinds.js');
  const files = { storage: outerStorage(environment), kinds: await fileKinds(), withContent };
  return makeBackup(environment.directUrl, target, key, (workspaceIds) => saveFiles(files, workspaceIds, target, key));
}

async function makeInto(environment: Environment, wishes: Wishes): Promise<BackupManifest> {
  if (wishes.to === undefined) {
    const backups = storedBackups(environment);
    const manifest = await make(environment, backups.target(newId()), wishes);
    await (await OpenedBackup.open(backups.source(manifest.id), environment.backupKeys.map(backupKey))).verify();
    await backups.markVerified(manifest.id, new SystemClock().now());
    return manifest;
  }
  const file = await BackupFileWriter.create(wishes.to);
  try {
    return await make(environment, file, wishes);
  } catch (error) {
    await file.abandon();
    throw error;
  }
}

async function makeCommand(environment: Environment, wishes: Wishes): Promise<void> {
  const started = performance.now();
  const manifest = await makeInto(environment, wishes);
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  const files = manifest.files === null ? '' : `, ${manifest.files.length} files`;
  say(`${wishes.to ?? manifest.id}: ${rowsOf(manifest)} rows of ${manifest.tables.length} tables${files} as of ${manifest.at}, ${sizeOf(manifest)} bytes, ${seconds} s`);
}

async function listCommand(environment: Environment): Promise<void> {
  for (const { id, at, verified } of await storedBackups(environment).list()) say(`${id}\t${at.toISOString()}\t${verified ? 'read back' : 'not read back'}`);
}

async function verifyCommand(environment: Environment, name: string): Promise<number> {
  const source = await backupSource(environment, name);
  try {
    const backup = await OpenedBackup.open(source, environment.backupKeys.map(backupKey));
    await backup.verify();
    const { manifest } = backup;
    say(`${name} is whole: ${rowsOf(manifest)} rows of ${manifest.tables.length} tables as of ${manifest.at}, SHA-256 ${manifest.digest}`);
    if (manifest.files === null || environment.objectStorage.kind === 'database') return 0;
    const missing = await missingFiles(backup, outerStorage(environment));
    for (const file of missing) say(`missing in the object storage: ${file}`);
    return missing.length > 0 && manifest.files.some(({ parts }) => parts === null) ? 1 : 0;
  } finally {
    await source.close();
  }
}

/** Does the work and says what went wrong as `CODE: text`. Returns the exit code. */
export async function reported(work: () => Promise<number | void>): Promise<number> {
  try {
    return (await work()) ?? 0;
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    return 1;
  }
}

function parse(args: readonly string[]): { values: Wishes; positionals: readonly string[] } | null {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch {
    return null;
  }
}

/** `perch backup`, `perch backup list` and `perch backup verify NAME|FILE`. Returns the exit code. */
export async function backupCommand(args: readonly string[]): Promise<number> {
  const parsed = parse(args);
  const [what, name, ...rest] = parsed?.positionals ?? [];
  if (parsed !== null && what === undefined) return reported(() => makeCommand(processEnvironment(), parsed.values));
  if (what === 'list' && name === undefined) return reported(() => listCommand(processEnvironment()));
  if (what === 'verify' && name !== undefined && rest.length === 0) return reported(() => verifyCommand(processEnvironment(), name));
  process.stderr.write(USAGE);
  return 2;
}
