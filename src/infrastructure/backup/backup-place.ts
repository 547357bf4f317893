import type { Readable } from 'node:stream';
import type { BackupPart } from './backup-manifest.js';

/** Where one backup is written: parts first, and the manifest, which makes it a backup, last. */
export interface BackupTarget {
  readonly id: string;
  putPart(content: Buffer): Promise<BackupPart>;
  putManifest(content: Buffer): Promise<void>;
}

/** Where one backup is read from. */
export interface BackupSource {
  /** The sealed manifest. Throws BACKUP_NOT_FOUND, NOT_A_BACKUP or BACKUP_TRUNCATED. */
  manifest(): Promise<{ readonly id: string; readonly content: Readable }>;
  /** Throws BACKUP_DAMAGED where the part is missing. */
  part(part: BackupPart): Promise<Readable>;
  close(): Promise<void>;
}
