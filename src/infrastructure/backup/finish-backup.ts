import { Readable } from 'node:stream';
import { partsDigest, writeManifest, type BackupManifest, type BackupTable, type SavedFile } from './backup-manifest.js';
import type { BackupTarget } from './backup-place.js';
import type { CopiedBlock } from './copy-pass.js';
import type { DatabaseSnapshot } from './database-snapshot.js';
import type { BackupKey } from './frame-cipher.js';
import { RowDigest } from './row-digest.js';
import { seal } from './sealed-stream.js';

export const MANIFEST_PURPOSE = 'manifest';

function tableOf(name: string, columns: readonly string[], blocks: readonly CopiedBlock[]): BackupTable {
  const digest = new RowDigest();
  for (const block of blocks) digest.add(block.digest);
  return {
    name, columns: [...columns], rows: blocks.reduce((sum, { rows }) => sum + rows, 0), digest: digest.value,
    blocks: blocks.filter(({ rows }) => rows > 0).map(({ chunk, rows, bytes, digest: own, parts }) => ({ chunk, rows, bytes, digest: own, parts })),
  };
}

/** Writes what the backup is made of, as the last thing: before it there is no backup. Returns it. */
export async function finishBackup(
  snapshot: DatabaseSnapshot, target: BackupTarget, key: BackupKey | null, copied: readonly CopiedBlock[], files: readonly SavedFile[] | null,
): Promise<BackupManifest> {
  const blocks = [...copied].sort((a, b) => a.chunk - b.chunk);
  const tables = (await snapshot.tables()).map(({ name, columns }) => tableOf(name, columns, blocks.filter(({ table }) => table === name)));
  const content = {
    id: target.id, at: snapshot.at.toISOString(), server: snapshot.server, migrations: [...snapshot.migrations], tables,
    sequences: await snapshot.sequences(), files: files === null ? null : [...files],
  };
  const manifest = { ...content, digest: partsDigest(content) };
  const pieces: Buffer[] = [];
  for await (const piece of seal(Readable.from([writeManifest(manifest)], { objectMode: false }), key, `${target.id} ${MANIFEST_PURPOSE}`)) pieces.push(piece);
  await target.putManifest(Buffer.concat(pieces));
  return manifest;
}
