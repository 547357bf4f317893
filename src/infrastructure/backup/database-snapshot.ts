import type pg from 'pg';
import type { Readable } from 'node:stream';
import type { SavedSequence } from './backup-manifest.js';
import { columnList, connectAsOwner, COPY_SETTINGS, NOT_SAVED, STORED_COLUMNS, tableName } from './owner-connection.js';

/** A table as it lies in the database at the moment. */
export interface TableShape {
  readonly name: string;
  readonly columns: readonly string[];
  /** Changes when all rows are written anew, which may move them without any trace in them. */
  readonly filenode: string;
  /** Bytes with what is stored out of line. */
  readonly bytes: number;
  readonly pages: number;
}

/** What a range of pages holds. `age` is that of its youngest row, in transactions. */
export interface ChunkState {
  readonly rows: number;
  readonly age: number;
}

interface SnapshotFacts {
  readonly at: Date;
  readonly xmin: string;
  readonly server: string;
}

const FACTS = `SELECT now() AS at, pg_snapshot_xmin(pg_current_snapshot())::text AS xmin, current_setting('server_version') AS server`;
const TABLES = `
SELECT c.relname::text AS name, ${STORED_COLUMNS} AS columns, pg_relation_filenode(c.oid)::text AS filenode, pg_table_size(c.oid)::float8 AS bytes,
  ceil(pg_relation_size(c.oid)::float8 / current_setting('block_size')::int)::int AS pages
FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname <> ALL ($1)
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e') ORDER BY c.relname COLLATE "C"`;
const SEQUENCES = `SELECT sequencename::text AS name, coalesce(last_value, start_value)::text AS value, last_value IS NOT NULL AS called
FROM pg_sequences WHERE schemaname = 'public' AND sequencename <> 'migration_id_seq' ORDER BY 1`;

/** All tables as they were at one moment, in a read-only transaction of a connection as the owner. */
export class DatabaseSnapshot {
  private constructor(
    private readonly client: pg.Client,
    private readonly facts: SnapshotFacts,
    /** Names of the migrations that were applied. */
    readonly migrations: readonly string[],
  ) {}

  /** Throws BACKUP_ROLE_BOUND, or what the connection says. */
  static async open(ownerUrl: string): Promise<DatabaseSnapshot> {
    const client = await connectAsOwner(ownerUrl);
    try {
      await client.query(`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; ${COPY_SETTINGS}`);
      const { rows: [facts] } = await client.query<SnapshotFacts>(FACTS);
      const { rows: migrations } = await client.query<{ name: string }>('SELECT name FROM migration ORDER BY "timestamp", id');
      return new DatabaseSnapshot(client, facts!, migrations.map(({ name }) => name));
    } catch (error) {
      await client.end();
      throw error;
    }
  }

  /** Whatever was committed before is in the snapshot. */
  get at(): Date {
    return this.facts.at;
  }

  /** The oldest transaction that had not ended: rows of all before it were decided. */
  get xmin(): string {
    return this.facts.xmin;
  }

  get server(): string {
    return this.facts.server;
  }

  async tables(): Promise<TableShape[]> {
    return (await this.client.query<TableShape>(TABLES, [NOT_SAVED])).rows;
  }

  /** Sequences belong to no snapshot: they may be ahead of the rows, never behind. */
  async sequences(): Promise<SavedSequence[]> {
    return (await this.client.query<SavedSequence>(SEQUENCES)).rows;
  }

  async workspaceIds(): Promise<string[]> {
    return (await this.client.query<{ id: string }>('SELECT id FROM workspace ORDER BY id')).rows.map(({ id }) => id);
  }

  /** How many transactions ago each of these was the oldest that had not ended. */
  async agesOf(xmins: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const { rows } = await this.client.query<{ xmin: string; age: number }>(`SELECT x AS xmin, age(x::xid8::xid) AS age FROM unnest($1::text[]) AS x`, [[...new Set(xmins)]]);
    return new Map(rows.map(({ xmin, age }) => [xmin, age]));
  }

  /** What each range of `width` pages holds; ranges without rows are left out. */
  async chunkStates({ name }: TableShape, width: number): Promise<ReadonlyMap<number, ChunkState>> {
    const { rows } = await this.client.query<ChunkState & { chunk: number }>(
      `SELECT ((ctid::text::point)[0]::bigint / ${width})::int AS chunk, count(*)::int AS rows, min(age(xmin))::int AS age FROM ONLY ${tableName(name)} GROUP BY 1`);
    return new Map(rows.map(({ chunk, rows: count, age }) => [chunk, { rows: count, age }]));
  }

  /** The rows of one range of pages as COPY text. */
  async copy({ name, columns }: TableShape, chunk: number, width: number): Promise<Readable> {
    const { to } = await import('pg-copy-streams');
    const range = `ctid >= '(${chunk * width},0)' AND ctid < '(${(chunk + 1) * width},0)'`;
    return this.client.query(to(`COPY (SELECT ${columnList(columns)} FROM ONLY ${tableName(name)} WHERE ${range}) TO STDOUT`));
  }

  async close(): Promise<void> {
    await this.client.end();
  }
}
