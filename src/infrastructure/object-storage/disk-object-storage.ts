import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import type { RequestContext } from '../../common/request-context.js';
import { checkedPieces, type Content, type ExpectedContent } from './checked-content.js';
import type { DoorAddresses } from './door-address.js';
import { isObjectKey, type ObjectPlace } from './object-key.js';
import { ObjectStorage, type ByteRange, type DownloadTerms, type ListedObject, type ObjectFacts, type ObjectPage, type SignedUpload, type UploadTerms } from './object-storage.js';

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

async function unlessMissing<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** The name, too, has to survive a loss of power. Windows has no such thing. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}

/** Where files are until they are complete. */
const INCOMING = 'incoming';
const LEFTOVER_MS = 86_400_000;

/**
 * Keeps files in a folder of this machine that only its user may enter. A file appears under its name when all of it is on the
 * disk, or never. What killed processes left half written is deleted a day later.
 */
export class DiskObjectStorage extends ObjectStorage {
  readonly isDirect = false;
  private prepared: Promise<void> | null = null;

  constructor(
    private readonly folder: string,
    private readonly addresses: DoorAddresses,
  ) {
    super();
  }

  protected async write(_context: RequestContext, { path }: ObjectPlace, content: Content, expected: ExpectedContent): Promise<void> {
    const target = join(this.folder, path);
    const temporary = join(this.folder, INCOMING, randomBytes(16).toString('hex'));
    await (this.prepared ??= this.prepare().catch((error: unknown) => {
      this.prepared = null;
      throw error;
    }));
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    const file = await open(temporary, 'wx', 0o600);
    try {
      try {
        for await (const piece of checkedPieces(content, expected)) await file.appendFile(piece);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, target);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    await syncFolder(dirname(target));
  }

  private async prepare(): Promise<void> {
    const folder = join(this.folder, INCOMING);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    for (const name of await readdir(folder)) {
      const found = await unlessMissing(stat(join(folder, name)));
      if (found && found.mtimeMs < Date.now() - LEFTOVER_MS) await rm(join(folder, name), { force: true });
    }
  }

  protected async read(_context: RequestContext, { path }: ObjectPlace, range: ByteRange | null): Promise<Readable | null> {
    const file = await unlessMissing(open(join(this.folder, path), 'r'));
    if (file === null) return null;
    return file.createReadStream(range === null ? {} : { start: range.first, end: range.last });
  }

  protected async facts(_context: RequestContext, { path }: ObjectPlace): Promise<ObjectFacts | null> {
    const found = await unlessMissing(stat(join(this.folder, path)));
    return found && { size: found.size, modifiedAt: found.mtime, contentType: null, sha256: null };
  }

  protected async remove(_context: RequestContext, { path }: ObjectPlace): Promise<void> {
    await rm(join(this.folder, path), { force: true });
  }

  protected async page(_context: RequestContext, folder: string, cursor: string | null, limit: number): Promise<ObjectPage> {
    const prefix = `${folder.split('/')[1]!}/`;
    const names = (await unlessMissing(readdir(join(this.folder, folder)))) ?? [];
    const keys = names.map((name) => prefix + name).filter((key) => isObjectKey(key) && (cursor === null || key > cursor)).sort();
    const objects: ListedObject[] = [];
    for (const key of keys.slice(0, limit)) {
      const found = await unlessMissing(stat(join(this.folder, folder, key.slice(prefix.length))));
      if (found) objects.push({ key, size: found.size, modifiedAt: found.mtime });
    }
    return { objects, cursor: keys.length > limit ? keys[limit - 1]! : null };
  }

  protected downloadAddress(place: ObjectPlace, terms: DownloadTerms): Promise<string> {
    return Promise.resolve(this.addresses.download(place, terms));
  }

  protected async uploadRequest(place: ObjectPlace, terms: UploadTerms): Promise<SignedUpload> {
    return this.addresses.upload(place, terms);
  }
}
