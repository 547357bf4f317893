import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createdTable, risksOf, statementsOf, type Risk } from './statement-risks.js';

export interface PlannedStatement {
  readonly sql: string;
  readonly risks: readonly Risk[];
}

export interface PlannedMigration {
  readonly file: string;
  /** Why older code no longer runs after it, where it says that it is a contract step. */
  readonly contract: string | null;
  readonly statements: readonly PlannedStatement[];
  /** What the migration reads or decides cannot be known before it runs. */
  readonly incomplete: string | null;
}

type Planned = MigrationInterface & { readonly contract?: string };

/** Reads for a migration that asks something before it acts. */
export type Read = (sql: string, values?: unknown[]) => Promise<readonly object[]>;

const READS = /^\s*(select|show|with)\b/i;

/** Runs `up` against a runner that writes down what would be sent and sends nothing but questions. */
async function recorded(migration: Planned, read: Read): Promise<{ texts: string[]; incomplete: string | null }> {
  const texts: string[] = [];
  const query = async (sql: string, values?: unknown[]): Promise<unknown> => {
    if (READS.test(sql)) return read(sql, values);
    texts.push(sql);
    return [];
  };
  const refuse = (name: string | symbol): never => {
    throw new Error(`it uses ${String(name)}, which cannot be foreseen`);
  };
  const runner = new Proxy({ query } as unknown as QueryRunner, { get: (target, name) => (name === 'query' ? target.query : refuse(name)) });
  try {
    await migration.up(runner);
    return { texts, incomplete: null };
  } catch (error) {
    return { texts, incomplete: error instanceof Error ? error.message : String(error) };
  }
}

/** What the migrations of these timestamps would send, in their order, with what can go wrong. Nothing is changed. */
export async function planMigrations(folder: string, timestamps: readonly string[], read: Read): Promise<PlannedMigration[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.js') && timestamps.includes(file.split('-')[0]!)).sort();
  const fresh = new Set<string>();
  const plan: PlannedMigration[] = [];
  for (const file of files) {
    const [Migration] = Object.values((await import(pathToFileURL(join(folder, file)).href)) as Record<string, new () => Planned>);
    const migration = new Migration!();
    const { texts, incomplete } = await recorded(migration, read);
    const statements = texts.flatMap(statementsOf).map((sql): PlannedStatement => {
      const created = createdTable(sql);
      if (created !== null) fresh.add(created);
      return { sql, risks: risksOf(sql, fresh) };
    });
    plan.push({ file: file.replace(/\.js$/, '.ts'), contract: migration.contract ?? null, statements, incomplete });
  }
  return plan;
}

/** How large a table is; rows are PostgreSQL's estimate. */
export interface TableSize {
  readonly rows: number;
  readonly bytes: number;
}

const SIZES = `SELECT relname AS name, greatest(reltuples, 0)::float8 AS rows, pg_total_relation_size(oid)::float8 AS bytes FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace`;

/** Works with a connection that can only read, and with the sizes of all tables. */
export async function withReadOnly<T>(ownerUrl: string, work: (read: Read, sizes: ReadonlyMap<string, TableSize>) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'perch-plan' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('BEGIN READ ONLY');
    const { rows } = await client.query<TableSize & { name: string }>(SIZES);
    return await work(async (sql, values) => (await client.query<object>(sql, values)).rows, new Map(rows.map(({ name, ...size }) => [name, size])));
  } finally {
    await client.end();
  }
}
