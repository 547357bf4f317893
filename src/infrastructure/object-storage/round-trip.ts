import { createHash, randomBytes } from 'node:crypto';
import { newId } from '../../common/ids.js';
import { systemContext } from '../../common/request-context.js';
import type { ObjectStorage } from './object-storage.js';

const SIZE = 1_024;

/** Stores an object in a workspace that does not exist, reads it back and deletes it. Throws a StorageError, or what was different. */
export async function storageRoundTrip(storage: ObjectStorage): Promise<void> {
  const [context, key, content] = [systemContext(newId()), `documents/${newId()}`, randomBytes(SIZE)];
  await storage.put(context, key, content, { size: SIZE, sha256: createHash('sha256').update(content).digest(), contentType: 'application/octet-stream' });
  try {
    const pieces: Buffer[] = [];
    for await (const piece of await storage.open(context, key) ?? []) pieces.push(piece as Buffer);
    if (!Buffer.concat(pieces).equals(content)) throw new Error('What was stored is not what came back.');
  } finally {
    await storage.delete(context, key);
  }
}
