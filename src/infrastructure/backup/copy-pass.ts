import { Readable } from 'node:stream';
import type { SavedBlock } from './backup-manifest.js';
import type { BackupTarget } from './backup-place.js';
import type { ChunkState, DatabaseSnapshot, TableShape } from './database-snapshot.js';
import type { BackupKey } from './frame-cipher.js';
import { RowDigest } from './row-digest.js';
import { saveStream } from './saved-stream.js';

/** Bytes of a table that one block is made of, roughly; a block is at least one page. */
const BLOCK_BYTES = 8 * 1_048_576;
const PAGES_OF_EMPTY_TABLE = 1_024;

/** A block with what tells whether it is still what the table holds. */
export interface CopiedBlock extends SavedBlock {
  readonly table: string;
  /** Pages of a block of this table. */
  readonly width: number;
  readonly filenode: string;
  /** The oldest transaction that had not ended when the block was copied. */
  readonly xmin: string;
}

/** Keeps what earlier passes have copied. */
export interface CopyLedger {
  known(): Promise<readonly CopiedBlock[]>;
  record(block: CopiedBlock, done: number, total: number): Promise<void>;
  /** Throws where no other block is to be begun. */
  beforeBlock(): void;
}

interface Place {
  readonly table: TableShape;
  readonly chunk: number;
  readonly width: number;
}

interface Plan {
  readonly kept: readonly CopiedBlock[];
  readonly missing: readonly Place[];
  readonly changed: readonly Place[];
}

export const blockPurpose = (table: string, chunk: number): string => `table ${table} ${chunk}`;

const widthOf = ({ bytes, pages }: TableShape): number => (pages === 0 ? PAGES_OF_EMPTY_TABLE : Math.max(1, Math.floor(BLOCK_BYTES / (bytes / pages))));

/**
 * A block is what its pages hold now where no row is younger than the copy and none is gone: rows never move but in an update,
 * which makes them young, or when the table is written anew, which changes its filenode.
 */
const isCurrent = (block: CopiedBlock, state: ChunkState | undefined, ages: ReadonlyMap<string, number>): boolean =>
  block.rows === (state?.rows ?? 0) && (state === undefined || state.age > ages.get(block.xmin)!);

async function planTable(snapshot: DatabaseSnapshot, table: TableShape, known: readonly CopiedBlock[], ages: ReadonlyMap<string, number>): Promise<Plan> {
  const blocks = new Map(known.filter(({ filenode }) => filenode === table.filenode).map((block) => [block.chunk, block]));
  const width = blocks.values().next().value?.width ?? widthOf(table);
  const states = blocks.size === 0 ? new Map<number, ChunkState>() : await snapshot.chunkStates(table, width);
  const plan = { kept: [] as CopiedBlock[], missing: [] as Place[], changed: [] as Place[] };
  for (let chunk = 0; chunk * width < table.pages; chunk++) {
    const block = blocks.get(chunk);
    if (!block) plan.missing.push({ table, chunk, width });
    else if (isCurrent(block, states.get(chunk), ages)) plan.kept.push(block);
    else plan.changed.push({ table, chunk, width });
  }
  return plan;
}

async function planPass(snapshot: DatabaseSnapshot, known: readonly CopiedBlock[]): Promise<Plan> {
  const ages = await snapshot.agesOf(known.map(({ xmin }) => xmin));
  const plans: Plan[] = [];
  for (const table of await snapshot.tables()) plans.push(await planTable(snapshot, table, known.filter((block) => block.table === table.name), ages));
  return { kept: plans.flatMap(({ kept }) => kept), missing: plans.flatMap(({ missing }) => missing), changed: plans.flatMap(({ changed }) => changed) };
}

async function copyBlock(snapshot: DatabaseSnapshot, target: BackupTarget, key: BackupKey | null, { table, chunk, width }: Place): Promise<CopiedBlock> {
  const rows = new RowDigest();
  const text = await snapshot.copy(table, chunk, width);
  async function* counted(): AsyncGenerator<Buffer> {
    for await (const piece of text) {
      rows.push(piece as Buffer);
      yield piece as Buffer;
    }
  }
  const parts = await saveStream(Readable.from(counted(), { objectMode: false }), target, key, blockPurpose(table.name, chunk), () => rows.rows === 0);
  return { table: table.name, chunk, width, filenode: table.filenode, xmin: snapshot.xmin, rows: rows.rows, bytes: rows.bytes, digest: rows.value, parts };
}

/**
 * Copies, as of one moment, what no earlier pass has copied and what has changed since it was. Returns all blocks, which together are the
 * database at the moment of the snapshot. A pass that is cut off leaves what it has copied to the next one.
 */
export async function copyPass(snapshot: DatabaseSnapshot, target: BackupTarget, key: BackupKey | null, ledger: CopyLedger): Promise<CopiedBlock[]> {
  const { kept, missing, changed } = await planPass(snapshot, await ledger.known());
  const blocks = [...kept];
  const total = kept.length + missing.length + changed.length;
  for (const place of [...missing, ...changed]) {
    ledger.beforeBlock();
    const block = await copyBlock(snapshot, target, key, place);
    blocks.push(block);
    await ledger.record(block, blocks.length, total);
  }
  return blocks;
}
