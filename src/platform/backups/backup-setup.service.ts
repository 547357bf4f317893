import { Inject, Injectable } from '@nestjs/common';
import type { Environment } from '../../config/environment.js';
import { ENVIRONMENT } from '../../config/environment.token.js';
import { backupKey, type BackupKey } from '../../infrastructure/backup/frame-cipher.js';
import { StoredBackups } from '../../infrastructure/backup/stored-backups.js';
import { ObjectStorage } from '../../infrastructure/object-storage/object-storage.js';

/** What a daily backup works with. */
export interface DailyBackup {
  readonly ownerUrl: string;
  /** The first seals. */
  readonly keys: readonly [BackupKey, ...BackupKey[]];
  readonly backups: StoredBackups;
  readonly keepDays: number;
}

/** Whether this installation makes daily backups. */
@Injectable()
export class BackupSetup {
  private readonly backups: StoredBackups;

  constructor(
    @Inject(ENVIRONMENT) private readonly environment: Environment,
    @Inject(ObjectStorage) storage: ObjectStorage,
  ) {
    this.backups = new StoredBackups(storage);
  }

  /** Why there are no daily backups; null where there are. */
  get missing(): string | null {
    const { backupKeys, directUrl, objectStorage } = this.environment;
    if (backupKeys.length === 0) return 'BACKUP_KEY is not set';
    if (directUrl === null) return 'DIRECT_URL is not set';
    return objectStorage.kind === 'database' ? 'PERCH_STORAGE is database, which cannot keep its own backup' : null;
  }

  /** Null where there are no daily backups. */
  get daily(): DailyBackup | null {
    const { backupKeys, directUrl, backupKeepDays: keepDays } = this.environment;
    const [first, ...others] = backupKeys.map(backupKey);
    return this.missing !== null || first === undefined || directUrl === null ? null : { ownerUrl: directUrl, keys: [first, ...others], backups: this.backups, keepDays };
  }
}
