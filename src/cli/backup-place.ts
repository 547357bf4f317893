import { SystemClock } from '../common/clock.js';
import { isId } from '../common/ids.js';
import type { Environment } from '../config/environment.js';
import { BackupError } from '../infrastructure/backup/backup-error.js';
import { openBackupFile } from '../infrastructure/backup/backup-file.js';
import type { BackupSource } from '../infrastructure/backup/backup-place.js';
import { StoredBackups } from '../infrastructure/backup/stored-backups.js';
import { createOuterStorage } from '../infrastructure/object-storage/create-object-storage.js';
import { DoorAddresses } from '../infrastructure/object-storage/door-address.js';
import type { ObjectStorage } from '../infrastructure/object-storage/object-storage.js';

/** The object storage without the rest of Perch, which may be what is lost. Throws BACKUP_NEEDS_STORAGE where it is the database. */
export function outerStorage(environment: Environment): ObjectStorage {
  const clock = new SystemClock();
  const storage = createOuterStorage(environment, new DoorAddresses(null, null, () => clock.now()), clock);
  if (storage === null) throw new BackupError('BACKUP_NEEDS_STORAGE', 'PERCH_STORAGE is database, which cannot keep its own backup. Use --to FILE, or set PERCH_STORAGE.');
  return storage;
}

export const storedBackups = (environment: Environment): StoredBackups => new StoredBackups(outerStorage(environment));

/** A backup by its name in the storage, or by the path of its file. */
export const backupSource = async (environment: Environment, name: string): Promise<BackupSource> =>
  (isId(name) ? storedBackups(environment).source(name) : openBackupFile(name));
