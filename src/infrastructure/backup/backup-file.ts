import { open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { sha256 } from '../../common/secrets.js';
import { newId } from '../../common/ids.js';
import { BackupError } from './backup-error.js';
import type { BackupPart } from './backup-manifest.js';
import type { BackupSource, BackupTarget } from './backup-place.js';

/*
 * A file: BEGIN, the parts one after another, the manifest, then the end: id (36), place and length of the manifest (8 each), END.
 * The reference of a part is its place in the file.
 */
const BEGIN = Buffer.from('PERCH BACKUP 1\n');
const END = Buffer.from('PERCH END\n');
const END_BYTES = 36 + 16 + END.length;

/** Writes a backup into a file that appears under its name when it is complete. */
export class BackupFileWriter implements BackupTarget {
  readonly id = newId();
  private position = BEGIN.length;

  private constructor(
    private readonly path: string,
    private readonly file: FileHandle,
  ) {}

  /** Throws BACKUP_EXISTS where there is such a file. */
  static async create(path: string): Promise<BackupFileWriter> {
    if (await stat(path).then(() => true, () => false)) throw new BackupError('BACKUP_EXISTS', `There is a file ${path} already.`);
    const file = await open(`${path}.partial`, 'w', 0o600);
    await file.write(BEGIN);
    return new BackupFileWriter(path, file);
  }

  async putPart(content: Buffer): Promise<BackupPart> {
    const part = { ref: String(this.position), size: content.length, sha256: sha256(content).toString('hex') };
    await this.write(content);
    return part;
  }

  async putManifest(content: Buffer): Promise<void> {
    const end = Buffer.alloc(16);
    end.writeBigUInt64BE(BigInt(this.position));
    end.writeBigUInt64BE(BigInt(content.length), 8);
    await this.write(Buffer.concat([content, Buffer.from(this.id), end, END]));
    await this.file.sync();
    await this.file.close();
    await rename(`${this.path}.partial`, this.path);
  }

  /** Removes what was written of a backup that failed. */
  async abandon(): Promise<void> {
    await this.file.close().catch(() => undefined);
    await rm(`${this.path}.partial`, { force: true });
  }

  private async write(content: Buffer): Promise<void> {
    await this.file.appendFile(content);
    this.position += content.length;
  }
}

async function readEnd(file: FileHandle): Promise<{ id: string; start: number; length: number }> {
  const { size } = await file.stat();
  const begin = Buffer.alloc(BEGIN.length);
  await file.read(begin, 0, begin.length, 0);
  if (!begin.equals(BEGIN)) throw new BackupError('NOT_A_BACKUP', 'The file is not a backup of Perch.');
  const end = Buffer.alloc(END_BYTES);
  await file.read(end, 0, END_BYTES, Math.max(0, size - END_BYTES));
  const [start, length] = [Number(end.readBigUInt64BE(36)), Number(end.readBigUInt64BE(44))];
  if (!end.subarray(52).equals(END) || start + length + END_BYTES !== size) throw new BackupError('BACKUP_TRUNCATED', 'The file has been cut off, or its end has been changed.');
  return { id: end.subarray(0, 36).toString(), start, length };
}

/** A backup in a file. Throws BACKUP_NOT_FOUND, NOT_A_BACKUP or BACKUP_TRUNCATED. */
export async function openBackupFile(path: string): Promise<BackupSource> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw new BackupError('BACKUP_NOT_FOUND', `There is no file ${path}.`);
    throw error;
  });
  try {
    const { id, start, length } = await readEnd(file);
    const piece = (from: number, size: number) => file.createReadStream({ start: from, end: from + size - 1, autoClose: false });
    return {
      manifest: () => Promise.resolve({ id, content: piece(start, length) }),
      part: ({ ref, size }) => Promise.resolve(piece(Number(ref), size)),
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}
