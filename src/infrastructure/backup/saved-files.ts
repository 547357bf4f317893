import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { systemContext } from '../../common/request-context.js';
import type { ObjectStorage } from '../object-storage/object-storage.js';
import type { SavedFile } from './backup-manifest.js';
import type { BackupTarget } from './backup-place.js';
import type { BackupKey } from './frame-cipher.js';
import { filePurpose, type OpenedBackup } from './read-backup.js';
import { saveStream } from './saved-stream.js';

const UNKNOWN_TYPE = 'application/octet-stream';

export interface FilesToSave {
  readonly storage: ObjectStorage;
  /** The first parts of the keys. */
  readonly kinds: readonly string[];
  /** Whether their bytes are saved too; otherwise only what they are. */
  readonly withContent: boolean;
}

async function* keysOf({ storage, kinds }: FilesToSave, workspaceId: string): AsyncGenerator<string> {
  for (const kind of kinds) {
    let cursor: string | null = null;
    do {
      const page = await storage.list(systemContext(workspaceId), kind, { cursor });
      for (const { key } of page.objects) yield key;
      ({ cursor } = page);
    } while (cursor !== null);
  }
}

/** Null where the file is deleted meanwhile. */
async function saveFile({ storage, withContent }: FilesToSave, workspaceId: string, key: string, target: BackupTarget, sealKey: BackupKey | null): Promise<SavedFile | null> {
  const context = systemContext(workspaceId);
  const facts = await storage.find(context, key);
  if (facts === null) return null;
  const described = { workspaceId, key, size: facts.size, contentType: facts.contentType ?? UNKNOWN_TYPE };
  if (!withContent && facts.sha256 !== null) return { ...described, sha256: facts.sha256.toString('hex'), parts: null };
  const content = await storage.open(context, key);
  if (content === null) return null;
  const hash = createHash('sha256');
  async function* hashed(): AsyncGenerator<Buffer> {
    for await (const piece of content!) {
      hash.update(piece as Buffer);
      yield piece as Buffer;
    }
  }
  const pieces = Readable.from(hashed(), { objectMode: false });
  if (withContent) {
    const parts = await saveStream(pieces, target, sealKey, filePurpose(workspaceId, key));
    return { ...described, sha256: hash.digest('hex'), parts };
  }
  for await (const _ of pieces);
  return { ...described, sha256: hash.digest('hex'), parts: null };
}

/** Saves, or only describes, the files of the workspaces. */
export async function saveFiles(files: FilesToSave, workspaceIds: readonly string[], target: BackupTarget, key: BackupKey | null): Promise<SavedFile[]> {
  const saved: SavedFile[] = [];
  for (const workspaceId of workspaceIds) {
    for await (const name of keysOf(files, workspaceId)) {
      const file = await saveFile(files, workspaceId, name, target, key);
      if (file) saved.push(file);
    }
  }
  return saved;
}

/** Puts files that were saved with their bytes back where they were. Returns how many; those that were only described are left out. */
export async function restoreFiles(backup: OpenedBackup, storage: ObjectStorage): Promise<number> {
  let count = 0;
  for (const { workspaceId, key, size, sha256, contentType, parts } of backup.manifest.files ?? []) {
    if (parts === null) continue;
    const content = Readable.from(backup.file(workspaceId, key, parts), { objectMode: false });
    await storage.put(systemContext(workspaceId), key, content, { size, sha256: Buffer.from(sha256, 'hex'), contentType });
    count++;
  }
  return count;
}

/** Files that the backup names and that the storage does not hold as they were. */
export async function missingFiles(backup: OpenedBackup, storage: ObjectStorage): Promise<string[]> {
  const missing: string[] = [];
  for (const { workspaceId, key, size } of backup.manifest.files ?? []) {
    const facts = await storage.find(systemContext(workspaceId), key);
    if (facts?.size !== size) missing.push(`${workspaceId}/${key}`);
  }
  return missing;
}
