import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { StorageError } from './storage-error.js';

/** What is known of content before it is stored. */
export interface ExpectedContent {
  /** Bytes. */
  readonly size: number;
  readonly sha256: Buffer;
  readonly contentType: string;
}

export type Content = Buffer | Readable;

const mismatch = (what: string): StorageError => new StorageError('CONTENT_MISMATCH', `The file is not the one that was announced: it has another ${what}.`);

/**
 * The content in pieces, checked on the way. The last piece is held back until size and checksum have proved right, so that
 * whoever waits for so many bytes never gets all of them of a wrong file. Throws CONTENT_MISMATCH.
 */
export async function* checkedPieces(content: Content, { size, sha256 }: ExpectedContent): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  let seen = 0;
  let held: Buffer | null = null;
  for await (const piece of Buffer.isBuffer(content) ? [content] : content) {
    const bytes = piece as Buffer;
    seen += bytes.length;
    if (seen > size) throw mismatch('size');
    hash.update(bytes);
    if (held !== null) yield held;
    held = bytes;
  }
  if (seen !== size) throw mismatch('size');
  if (!hash.digest().equals(sha256)) throw mismatch('checksum');
  if (held !== null) yield held;
}

export const checkedStream = (content: Content, expected: ExpectedContent): Readable => Readable.from(checkedPieces(content, expected), { objectMode: false });

export async function checkedBytes(content: Content, expected: ExpectedContent): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of checkedPieces(content, expected)) pieces.push(piece);
  return Buffer.concat(pieces);
}
