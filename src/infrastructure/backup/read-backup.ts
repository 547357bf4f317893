import { BackupError } from './backup-error.js';
import { parseManifest, type BackupManifest, type BackupPart, type SavedBlock } from './backup-manifest.js';
import type { BackupSource } from './backup-place.js';
import { blockPurpose } from './copy-pass.js';
import { MANIFEST_PURPOSE } from './finish-backup.js';
import type { BackupKey } from './frame-cipher.js';
import { RowDigest } from './row-digest.js';
import { openStream } from './saved-stream.js';
import { unseal } from './sealed-stream.js';

export const filePurpose = (workspaceId: string, key: string): string => `file ${workspaceId}/${key}`;

/** A backup whose manifest has been opened. */
export class OpenedBackup {
  private constructor(
    private readonly source: BackupSource,
    private readonly keys: readonly BackupKey[],
    readonly manifest: BackupManifest,
  ) {}

  /** Throws what the source and the seal say, and BACKUP_NEWER. */
  static async open(source: BackupSource, keys: readonly BackupKey[]): Promise<OpenedBackup> {
    const { id, content } = await source.manifest();
    const pieces: Buffer[] = [];
    for await (const piece of unseal(content as AsyncIterable<Buffer>, keys, `${id} ${MANIFEST_PURPOSE}`)) pieces.push(piece);
    const manifest = parseManifest(Buffer.concat(pieces));
    if (manifest.id !== id) throw new BackupError('BACKUP_DAMAGED', 'The backup is kept under the name of another one.');
    return new OpenedBackup(source, keys, manifest);
  }

  /** The rows of a block as COPY text. Throws BACKUP_DAMAGED or BACKUP_TRUNCATED, at the latest at the end. */
  async *block(table: string, block: SavedBlock): AsyncGenerator<Buffer> {
    const digest = new RowDigest();
    for await (const piece of openStream(this.source, this.keys, this.manifest.id, blockPurpose(table, block.chunk), block.parts)) {
      digest.push(piece);
      yield piece;
    }
    if (digest.rows !== block.rows || digest.value !== block.digest) throw new BackupError('BACKUP_DAMAGED', `Rows of "${table}" are not those that were saved.`);
  }

  /** The bytes of a saved file. */
  file(workspaceId: string, key: string, parts: readonly BackupPart[]): AsyncGenerator<Buffer> {
    return openStream(this.source, this.keys, this.manifest.id, filePurpose(workspaceId, key), parts);
  }

  /** Reads one block through. Throws where it is not what was saved. */
  async verifyBlock(table: string, block: SavedBlock): Promise<void> {
    for await (const _ of this.block(table, block));
  }

  /** Reads everything through. */
  async verify(): Promise<void> {
    for (const { name, blocks } of this.manifest.tables) for (const block of blocks) await this.verifyBlock(name, block);
    for (const { workspaceId, key, parts } of this.manifest.files ?? []) if (parts !== null) for await (const _ of this.file(workspaceId, key, parts));
  }
}
