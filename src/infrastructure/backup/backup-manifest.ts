import { createHash } from 'node:crypto';
import { z } from 'zod';
import { BackupError } from './backup-error.js';

export const FORMAT = 1;

const count = z.int().nonnegative();
const digest = z.hex().length(64);

/** Bytes of a sealed stream in one piece; `ref` leads to them in the place where the backup is kept. */
const PART = z.object({ ref: z.string(), size: count, sha256: digest });
/** Rows of one range of a table's pages: COPY text, compressed, sealed and cut into parts. */
const BLOCK = z.object({ chunk: count, rows: count, bytes: count, digest, parts: z.array(PART) });
const TABLE = z.object({ name: z.string(), columns: z.array(z.string()), rows: count, digest, blocks: z.array(BLOCK) });
const SEQUENCE = z.object({ name: z.string(), value: z.string(), called: z.boolean() });
/** An object of the object storage; `parts` are null where only its description was saved. */
const FILE = z.object({ workspaceId: z.uuid(), key: z.string(), size: count, sha256: digest, contentType: z.string(), parts: z.array(PART).nullable() });
const MANIFEST = z.object({
  id: z.uuid(), at: z.iso.datetime(), server: z.string(), migrations: z.array(z.string()), tables: z.array(TABLE), sequences: z.array(SEQUENCE),
  files: z.array(FILE).nullable(), digest,
});

export type BackupPart = z.output<typeof PART>;
export type BackupTable = z.output<typeof TABLE>;
export type SavedBlock = z.output<typeof BLOCK>;
export type SavedSequence = z.output<typeof SEQUENCE>;
export type SavedFile = z.output<typeof FILE>;
/** What a backup is made of. All rows are of the moment `at`: what was committed before it is in, what began after it is not. */
export type BackupManifest = z.output<typeof MANIFEST>;

/** All parts in their order. */
export const partsOf = ({ tables, files }: Pick<BackupManifest, 'tables' | 'files'>): BackupPart[] =>
  [...tables.flatMap(({ blocks }) => blocks.flatMap(({ parts }) => parts)), ...(files ?? []).flatMap(({ parts }) => parts ?? [])];

/** SHA-256 over the checksums of all parts. */
export function partsDigest(content: Pick<BackupManifest, 'tables' | 'files'>): string {
  const hash = createHash('sha256');
  for (const { sha256 } of partsOf(content)) hash.update(sha256);
  return hash.digest('hex');
}

export const writeManifest = (manifest: BackupManifest): Buffer => Buffer.from(JSON.stringify({ format: FORMAT, ...manifest }));

/** Throws BACKUP_NEWER for another format, BACKUP_DAMAGED for anything else that cannot be read. */
export function parseManifest(bytes: Buffer): BackupManifest {
  const value = JSON.parse(bytes.toString('utf8')) as { format?: unknown };
  if (value.format !== FORMAT) throw new BackupError('BACKUP_NEWER', `The backup has the format ${String(value.format)}; this version reads ${FORMAT}.`);
  const { success, data } = MANIFEST.safeParse(value);
  if (!success || partsDigest(data) !== data.digest) throw new BackupError('BACKUP_DAMAGED', 'The list of what the backup holds cannot be read.');
  return data;
}

export const rowsOf = ({ tables }: BackupManifest): number => tables.reduce((sum, { rows }) => sum + rows, 0);

/** Bytes that all parts take. */
export const sizeOf = (manifest: BackupManifest): number => partsOf(manifest).reduce((sum, { size }) => sum + size, 0);
