import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemContext } from '../../../src/common/request-context.js';
import { newId } from '../../../src/common/ids.js';
import { attachment } from '../../../src/infrastructure/object-storage/attachment.js';
import { DiskObjectStorage } from '../../../src/infrastructure/object-storage/disk-object-storage.js';
import { DoorAddresses } from '../../../src/infrastructure/object-storage/door-address.js';
import { S3ObjectStorage } from '../../../src/infrastructure/object-storage/s3-object-storage.js';
import { SupabaseObjectStorage } from '../../../src/infrastructure/object-storage/supabase-object-storage.js';
import { parseRange } from '../../../src/platform/files/byte-range.js';
import { S3Server } from './s3-server.js';
import { bytesOf, CONTENT, facts, newKey, pieces } from './storage-bench.js';
import { SupabaseServer } from './supabase-server.js';

const context = systemContext(newId());
const now = (): Date => new Date();

describe.each(['s3', 'supabase'] as const)('a storage %s in trouble', (kind) => {
  const server = kind === 's3' ? new S3Server(now) : new SupabaseServer(now);
  const storageWith = (changes: object = {}): S3ObjectStorage | SupabaseObjectStorage =>
    server instanceof S3Server ? new S3ObjectStorage({ ...server.settings, ...changes }, now) : new SupabaseObjectStorage({ ...server.settings, ...changes });

  beforeAll(() => server.start());
  beforeEach(() => void [server.failures.splice(0), server.received.splice(0)]);
  afterAll(() => server.stop());

  it('is asked again', async () => {
    const key = newKey();
    await storageWith().put(context, key, pieces(CONTENT), facts(CONTENT));
    server.failures.push(503, 500);
    expect((await bytesOf(await storageWith().open(context, key))).equals(CONTENT)).toBe(true);
  });

  it('is given up in the end', async () => {
    server.failures.push(503, 503, 429);
    await expect(storageWith().find(context, newKey())).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE', retryable: true, status: 503 });
    server.failures.push(503);
    await expect(storageWith().put(context, newKey(), pieces(CONTENT), facts(CONTENT))).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    expect(server.failures).toEqual([]);
  });

  it('names what is set up wrongly', async () => {
    const wrong = kind === 's3' ? { secretAccessKey: 'wrong' } : { serviceKey: 'wrong' };
    await expect(storageWith(wrong).find(context, newKey())).rejects.toMatchObject({ code: 'STORAGE_SETUP', message: expect.stringContaining('403') });
    await expect(storageWith(wrong).put(context, newKey(), CONTENT, facts(CONTENT))).rejects.toMatchObject({
      code: 'STORAGE_SETUP', message: expect.stringContaining(kind === 's3' ? 'SignatureDoesNotMatch' : 'Unauthorized'),
    });
  });

  it('says when nobody is there', async () => {
    const address = 'http://127.0.0.1:1';
    await expect(storageWith(kind === 's3' ? { endpoint: address } : { url: address }).find(context, newKey())).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
  });

  it('sends its key to nobody else', async () => {
    const key = newKey();
    const signed = [
      await storageWith().signUpload(context, key, { ...facts(CONTENT), lifetime: 60 }),
      (await storageWith().put(context, key, CONTENT, facts(CONTENT)), await storageWith().signDownload(context, key, { lifetime: 60, fileName: 'a', contentType: 'text/plain' })),
    ];
    const secret = server instanceof S3Server ? server.settings.secretAccessKey : server.settings.serviceKey;
    for (const text of [JSON.stringify(signed), decodeURIComponent(JSON.stringify(signed))]) expect(text).not.toContain(secret);
  });

  it('sends uploads with their length', async () => {
    await storageWith().put(context, newKey(), pieces(CONTENT), facts(CONTENT));
    expect(server.received[0]!.headers).toMatchObject({ 'content-length': String(CONTENT.length) });
    expect(server.received[0]!.headers).not.toHaveProperty('transfer-encoding');
  });
});

describe('the disk', () => {
  let folder: string;
  const addresses = new DoorAddresses('x'.repeat(32), null, now);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'perch-disk-'));
  });
  const clear = (): Promise<void> => rm(folder, { recursive: true, force: true });

  it('is tried again after it could not be opened', async () => {
    const blocked = join(folder, 'blocked');
    await writeFile(blocked, 'a file where the folder should be');
    const [storage, key] = [new DiskObjectStorage(blocked, addresses), newKey()];
    await expect(storage.put(context, key, CONTENT, facts(CONTENT))).rejects.toMatchObject({ code: expect.stringMatching(/^E/) });
    await rm(blocked);
    await storage.put(context, key, CONTENT, facts(CONTENT));
    expect((await bytesOf(await storage.open(context, key))).equals(CONTENT)).toBe(true);
    await clear();
  });

  it('lets nobody else in', async () => {
    const [storage, key] = [new DiskObjectStorage(folder, addresses), newKey()];
    await storage.put(context, key, CONTENT, facts(CONTENT));
    const modes = await Promise.all([context.workspace, 'incoming', join(context.workspace, 'documents'), join(context.workspace, key)].map(async (path) => (await stat(join(folder, path))).mode & 0o777));
    expect(modes).toEqual([0o700, 0o700, 0o700, 0o600]);
    await clear();
  });

  it('leaves nothing half written', async () => {
    const storage = new DiskObjectStorage(folder, addresses);
    await expect(storage.put(context, newKey(), CONTENT.subarray(1), facts(CONTENT))).rejects.toMatchObject({ code: 'CONTENT_MISMATCH' });
    expect(await readdir(join(folder, 'incoming'))).toEqual([]);
    for (const name of ['old', 'new']) await writeFile(join(folder, 'incoming', name), 'x');
    await utimes(join(folder, 'incoming', 'old'), 0, 0);
    await new DiskObjectStorage(folder, addresses).put(context, newKey(), CONTENT, facts(CONTENT));
    expect(await readdir(join(folder, 'incoming'))).toEqual(['new']);
    await clear();
  });
});

describe('signed addresses of the door', () => {
  const signer = (secret: string | null): DoorAddresses => new DoorAddresses(secret, null, now);
  const token = (secret: string): string => signer(secret).download({ workspaceId: context.workspace, key: newKey(), path: '' }, { lifetime: 60, fileName: 'a', contentType: 'text/plain' }).split('/').at(-1)!;

  it('are worth nothing under another secret', () => {
    expect(signer('a'.repeat(32)).verify(token('a'.repeat(32)))).toMatchObject({ method: 'GET' });
    expect(signer('b'.repeat(32)).verify(token('a'.repeat(32)))).toBeNull();
    expect(() => signer(null).verify(token('a'.repeat(32)))).toThrow('PERCH_SECRET');
  });

  it.each(['', '.', 'a', 'a.b', 'a.b.c', '..'])('are not %p', (text) => {
    expect(signer('a'.repeat(32)).verify(text)).toBeNull();
  });
});

it.each([
  ['bytes=0-9', { first: 0, last: 9 }], ['bytes=90-', { first: 90, last: 99 }], ['bytes=-10', { first: 90, last: 99 }], ['bytes=-1000', { first: 0, last: 99 }], ['bytes=5-1000', { first: 5, last: 99 }],
  ['bytes=100-', 'unsatisfiable'], ['bytes=-0', 'unsatisfiable'], ['bytes=0-1,5-6', null], ['bytes=-', null], ['bytes=9-5', null], ['pages=1-2', null], [undefined, null],
] as const)('the range %p is %p', (header, expected) => {
  expect(parseRange(header, 100)).toEqual(expected);
});

it('a cut name can be sent', () => {
  expect(attachment(`${'😀'.slice(1)}a'"\r\n.pdf`)).toBe("attachment; filename*=UTF-8''%EF%BF%BDa%27%22%0D%0A.pdf");
});
