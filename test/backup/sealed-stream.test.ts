import { describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { backupKey, type BackupKey } from '../../src/infrastructure/backup/frame-cipher.js';
import { RowDigest } from '../../src/infrastructure/backup/row-digest.js';
import { seal, unseal } from '../../src/infrastructure/backup/sealed-stream.js';
import { codeOf, KEY } from './backup-bench.js';

const FRAME = 262_144;
const HEADER = 29;
const SEALED_FRAME = 4 + FRAME + 16;
const OTHER = backupKey(randomBytes(32));

async function* pieces(content: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let start = 0; start < content.length; start += size) yield content.subarray(start, start + size);
}
async function collect(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const piece of stream) all.push(piece);
  return Buffer.concat(all);
}
const sealed = (content: Buffer, key: BackupKey | null = KEY, size = 100_000): Promise<Buffer> => collect(seal(pieces(content, size), key, 'this'));
const opened = (content: Buffer, keys: readonly BackupKey[] = [KEY], purpose = 'this'): Promise<Buffer> => collect(unseal(pieces(content, 70_001), keys, purpose));
const flipped = (content: Buffer, at: number): Buffer => Buffer.from(content).fill(content[at]! ^ 1, at, at + 1);

describe.each<readonly [string, BackupKey | null]>([['a sealed stream', KEY], ['an open stream', null]])('%s', (_name, key) => {
  const content = randomBytes(3 * FRAME + 12_345);

  it.each([0, 1, FRAME - 1, FRAME, FRAME + 1, 3 * FRAME])('gives %s bytes back', async (size) => {
    expect((await opened(await sealed(content.subarray(0, size), key))).equals(content.subarray(0, size))).toBe(true);
  });

  it('does not depend on the pieces', async () => {
    expect((await opened(await sealed(content, key, 17_000))).equals(content)).toBe(true);
  });

  it('finds any flipped bit', async () => {
    const bytes = await sealed(content, key);
    for (const at of [HEADER - 16, HEADER, HEADER + 3, HEADER + 4, HEADER + SEALED_FRAME - 1, HEADER + SEALED_FRAME + 3_000, bytes.length - 1]) {
      expect([at, await codeOf(opened(flipped(bytes, at)))]).toEqual([at, expect.stringMatching(/^BACKUP_(DAMAGED|TRUNCATED)$/)]);
    }
  });

  it('finds that its end is missing', async () => {
    const bytes = await sealed(content, key);
    for (const length of [HEADER - 1, HEADER, HEADER + 2, HEADER + SEALED_FRAME, HEADER + 3 * SEALED_FRAME, bytes.length - 1]) expect(await codeOf(opened(bytes.subarray(0, length)))).toBe('BACKUP_TRUNCATED');
    // The last frame that is left is marked as the last one.
    const cut = Buffer.from(bytes.subarray(0, HEADER + SEALED_FRAME));
    cut[HEADER]! |= 0x80;
    expect(await codeOf(opened(cut))).toBe('BACKUP_DAMAGED');
  });

  it('finds frames that were moved or doubled', async () => {
    const bytes = await sealed(content, key);
    const frame = (number: number): Buffer => bytes.subarray(HEADER + number * SEALED_FRAME, HEADER + (number + 1) * SEALED_FRAME);
    const [header, last] = [bytes.subarray(0, HEADER), bytes.subarray(HEADER + 3 * SEALED_FRAME)];
    const orders = [[frame(1), frame(0), frame(2), last], [frame(0), frame(0), frame(1), frame(2), last], [frame(0), frame(2), last], [frame(0), frame(1), frame(2), last, last]];
    for (const order of orders) expect(await codeOf(opened(Buffer.concat([header, ...order])))).toBe('BACKUP_DAMAGED');
  });

  it('opens for its purpose only', async () => {
    expect(await codeOf(opened(await sealed(content, key), [KEY], 'that'))).toBe('BACKUP_DAMAGED');
  });
});

describe('the key of a stream', () => {
  it('is found by its id', async () => {
    const bytes = await sealed(Buffer.from('secret'), KEY);
    expect((await opened(bytes, [OTHER, KEY])).toString()).toBe('secret');
    expect(await codeOf(opened(bytes, [OTHER]))).toBe('BACKUP_WRONG_KEY');
    expect(await codeOf(opened(bytes, []))).toBe('BACKUP_KEY_MISSING');
    expect(bytes.includes('secret')).toBe(false);
  });

  it('differs from stream to stream', async () => {
    const [one, two] = [await sealed(Buffer.from('same')), await sealed(Buffer.from('same'))];
    expect(one.subarray(HEADER).equals(two.subarray(HEADER))).toBe(false);
  });

  it('is not asked of something else', async () => {
    expect(await codeOf(opened(Buffer.from('%PDF-1.7 and so on, for a while')))).toBe('NOT_A_BACKUP');
  });
});

describe('the digest of rows', () => {
  const digest = (...parts: string[]): RowDigest => parts.reduce((rows, part) => (rows.push(Buffer.from(part)), rows), new RowDigest());

  it('depends on rows, not on pieces or order', () => {
    const whole = digest('one\ntwo\nthree\n');
    expect([whole.rows, whole.bytes]).toEqual([3, 14]);
    expect(digest('on', 'e\nt', 'wo\nthree', '\n').value).toBe(whole.value);
    expect(digest('three\none\ntwo\n').value).toBe(whole.value);
    expect(digest('one\ntwo\nthreE\n').value).not.toBe(whole.value);
    expect(digest('one\ntwo\ntwo\nthree\n').value).not.toBe(whole.value);
  });

  it('adds up over blocks', () => {
    const sum = new RowDigest();
    for (const part of ['one\n', 'two\nthree\n']) sum.add(digest(part).value);
    expect(sum.value).toBe(digest('three\ntwo\none\n').value);
  });
});
