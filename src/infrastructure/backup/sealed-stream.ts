import { randomBytes } from 'node:crypto';
import { BackupError } from './backup-error.js';
import { ByteReader } from './byte-reader.js';
import { openCipher, sealingCipher, TAG_BYTES, type BackupKey, type FrameCipher } from './frame-cipher.js';

/*
 * A sealed stream: MAGIC (4), mode (1: 0 open, 1 AES-256-GCM), key id (8), salt (16); then frames of length (4, the highest bit on the
 * last one), content and tag (16). The nonce of a frame is its number and whether it is the last (STREAM, Hoang and others 2015):
 * a frame that was changed, moved, left out, doubled or cut off does not open.
 */
const MAGIC = Buffer.from('PSS1');
const HEADER_BYTES = 29;
const FRAME_BYTES = 262_144;
const LAST = 0x8000_0000;
const MODE = { open: 0, sealed: 1 } as const;

function nonceOf(number: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(number, 7);
  nonce.writeUInt8(isLast ? 1 : 0, 11);
  return nonce;
}

function frame(cipher: FrameCipher, number: number, plain: Buffer, isLast: boolean): Buffer {
  const { content, tag } = cipher.close(plain, nonceOf(number, isLast));
  const length = Buffer.alloc(4);
  length.writeUInt32BE((content.length + (isLast ? LAST : 0)) >>> 0);
  return Buffer.concat([length, content, tag]);
}

/** Seals the content for one purpose, which has to be named again to open it; without a key it is only guarded against accidents. */
export async function* seal(content: AsyncIterable<Buffer>, key: BackupKey | null, purpose: string): AsyncGenerator<Buffer> {
  const salt = randomBytes(16);
  yield Buffer.concat([MAGIC, Buffer.from([key ? MODE.sealed : MODE.open]), key?.id ?? Buffer.alloc(8), salt]);
  const cipher = key ? sealingCipher(key, salt, purpose) : openCipher(salt, purpose);
  const reader = new ByteReader(content);
  let [number, held] = [0, await reader.take(FRAME_BYTES)];
  for (;;) {
    const next = held.length < FRAME_BYTES ? Buffer.alloc(0) : await reader.take(FRAME_BYTES);
    yield frame(cipher, number++, held, next.length === 0);
    if (next.length === 0) return;
    held = next;
  }
}

function cipherOf(header: Buffer, keys: readonly BackupKey[], purpose: string): FrameCipher {
  if (!header.subarray(0, 4).equals(MAGIC)) throw new BackupError('NOT_A_BACKUP', 'This is not a backup of Perch.');
  if (header.length < HEADER_BYTES) throw new BackupError('BACKUP_TRUNCATED', 'The backup ends in its beginning.');
  const [mode, id, salt] = [header[4]!, header.subarray(5, 13), header.subarray(13)];
  if (mode === MODE.open) return openCipher(salt, purpose);
  if (mode !== MODE.sealed) throw new BackupError('BACKUP_NEWER', 'The backup is sealed in a way that this version does not know.');
  if (keys.length === 0) throw new BackupError('BACKUP_KEY_MISSING', 'The backup is sealed. Set BACKUP_KEY to the key that it was made with.');
  const key = keys.find((candidate) => candidate.id.equals(id));
  if (!key) throw new BackupError('BACKUP_WRONG_KEY', `The backup was sealed with the key ${id.toString('hex')}, which BACKUP_KEY does not hold.`);
  return sealingCipher(key, salt, purpose);
}

async function* frames(reader: ByteReader, cipher: FrameCipher): AsyncGenerator<Buffer> {
  for (let number = 0; ; number++) {
    const head = await reader.take(4);
    const marked = head.length === 4 ? head.readUInt32BE() : 0;
    const [isLast, length] = [marked >= LAST, marked % LAST];
    if (length > FRAME_BYTES) throw new BackupError('BACKUP_DAMAGED', 'The backup has been changed: a frame is too long.');
    const body = await reader.take(length + TAG_BYTES);
    if (head.length < 4 || body.length < length + TAG_BYTES) throw new BackupError('BACKUP_TRUNCATED', 'The backup has been cut off.');
    const plain = cipher.open(body.subarray(0, length), body.subarray(length), nonceOf(number, isLast));
    if (plain === null) throw new BackupError('BACKUP_DAMAGED', 'The backup has been changed: a frame does not open.');
    yield plain;
    if (!isLast) continue;
    if ((await reader.take(1)).length > 0) throw new BackupError('BACKUP_DAMAGED', 'The backup has been changed: something follows its end.');
    return;
  }
}

/** Opens what `seal` made for the same purpose. Throws NOT_A_BACKUP, BACKUP_KEY_MISSING, BACKUP_WRONG_KEY, BACKUP_DAMAGED or BACKUP_TRUNCATED, at the latest at the end. */
export async function* unseal(content: AsyncIterable<Buffer>, keys: readonly BackupKey[], purpose: string): AsyncGenerator<Buffer> {
  const reader = new ByteReader(content);
  try {
    yield* frames(reader, cipherOf(await reader.take(HEADER_BYTES), keys, purpose));
  } finally {
    await reader.close();
  }
}
