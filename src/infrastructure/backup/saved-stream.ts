import { pipeline, Readable } from 'node:stream';
import { createGunzip, createGzip } from 'node:zlib';
import { sha256 } from '../../common/secrets.js';
import { BackupError } from './backup-error.js';
import type { BackupPart } from './backup-manifest.js';
import type { BackupSource, BackupTarget } from './backup-place.js';
import type { BackupKey } from './frame-cipher.js';
import { seal, unseal } from './sealed-stream.js';

/** Bytes of one part, in memory while it is put: below what the object storages take in one request, above what makes them many. */
const PART_BYTES = 4 * 1_048_576;
/** Most of what gzip can do for COPY text, at a third of the time of its default. */
const LEVEL = 3;

/**
 * Compresses, seals and stores the content in parts as it comes, so that only one part is in memory. `isEmpty` is asked at the end:
 * nothing of an empty content is stored.
 */
export async function saveStream(content: Readable, target: BackupTarget, key: BackupKey | null, purpose: string, isEmpty: () => boolean = () => false): Promise<BackupPart[]> {
  const gzip = createGzip({ level: LEVEL });
  // An error reaches whoever reads the end of it.
  pipeline(content, gzip, () => undefined);
  const parts: BackupPart[] = [];
  let [held, size] = [[] as Buffer[], 0];
  for await (const piece of seal(gzip as AsyncIterable<Buffer>, key, `${target.id} ${purpose}`)) {
    held.push(piece);
    size += piece.length;
    if (size < PART_BYTES) continue;
    parts.push(await target.putPart(Buffer.concat(held)));
    [held, size] = [[], 0];
  }
  if (size > 0 && !(parts.length === 0 && isEmpty())) parts.push(await target.putPart(Buffer.concat(held)));
  return parts;
}

async function* joined(source: BackupSource, parts: readonly BackupPart[]): AsyncGenerator<Buffer> {
  for (const part of parts) {
    const pieces: Buffer[] = [];
    for await (const piece of await source.part(part)) pieces.push(piece as Buffer);
    const content = Buffer.concat(pieces);
    if (content.length < part.size) throw new BackupError('BACKUP_TRUNCATED', 'A part of the backup has been cut off.');
    if (content.length > part.size || sha256(content).toString('hex') !== part.sha256) throw new BackupError('BACKUP_DAMAGED', 'A part of the backup has been changed.');
    yield content;
  }
}

const isOfZlib = (error: unknown): boolean => String((error as NodeJS.ErrnoException).code).startsWith('Z_');

/** What `saveStream` saved. It fails at the latest at its end where anything was changed; what was read before is genuine. */
export async function* openStream(source: BackupSource, keys: readonly BackupKey[], id: string, purpose: string, parts: readonly BackupPart[]): AsyncGenerator<Buffer> {
  const gunzip = createGunzip();
  pipeline(Readable.from(unseal(joined(source, parts), keys, `${id} ${purpose}`), { objectMode: false }), gunzip, () => undefined);
  try {
    for await (const piece of gunzip) yield piece as Buffer;
  } catch (error) {
    throw isOfZlib(error) ? new BackupError('BACKUP_DAMAGED', 'A part of the backup cannot be unpacked.') : error;
  }
}
