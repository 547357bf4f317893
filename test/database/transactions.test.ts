import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemContext } from '../../src/common/request-context.js';
import { createDataSource } from '../../src/infrastructure/database/data-source.js';
import { plannedOnce } from '../../src/infrastructure/database/planned-statements.js';
import { Database } from '../../src/infrastructure/database/database.js';
import { Logger } from '../../src/infrastructure/logging/logger.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const MINE = '01a20d21-0000-7000-8000-000000000001';
const THEIRS = '01a20d21-0000-7000-8000-000000000002';
const ADD = "INSERT INTO company (id, workspace_id, name) VALUES ($1, $2, 'Acme') RETURNING name";
const RENAME = 'UPDATE company SET name = name || $2 WHERE id = $1 RETURNING name';

/** Resolves for all when the last of them has come. */
function meeting(count: number): () => Promise<void> {
  let open: () => void = () => undefined;
  const all = new Promise<void>((done) => (open = done));
  return () => {
    if (--count <= 0) open();
    return all;
  };
}

describe('transactions of a workspace', () => {
  let test: TestDatabase;
  let database: Database;

  beforeAll(async () => {
    test = await createTestDatabase();
    await test.query("INSERT INTO workspace (id, slug, name) VALUES ($1, 'mine', 'Mine'), ($2, 'theirs', 'Theirs')", [MINE, THEIRS]);
    const dataSource = createDataSource({ url: test.applicationUrl, poolSize: 4, prepares: true, onPoolError: () => undefined, onSlowStatement: () => undefined });
    await dataSource.initialize();
    database = new Database(dataSource, new Logger('silent'));
  });
  afterAll(async () => {
    await database.dataSource.destroy();
    await test.drop();
  });

  const names = async (id: string): Promise<string[]> => (await test.query<{ name: string }>('SELECT name FROM company WHERE id = $1', [id])).map(({ name }) => name);

  it('commit a single statement', async () => {
    expect(await database.statement(systemContext(MINE), ADD, [MINE, MINE])).toEqual([{ name: 'Acme' }]);
    expect(await database.statement(systemContext(MINE), RENAME, [MINE, ' Ltd'])).toEqual([{ name: 'Acme Ltd' }]);
    expect(await names(MINE)).toEqual(['Acme Ltd']);
  });

  it('hide other workspaces from a statement', async () => {
    expect(await database.statement(systemContext(THEIRS), RENAME, [MINE, '!'])).toEqual([]);
    await expect(database.statement(systemContext(THEIRS), ADD, [THEIRS, MINE])).rejects.toThrow(/row-level security/);
    expect(await names(THEIRS)).toEqual([]);
  });

  it('survive a statement that fails', async () => {
    const context = systemContext(MINE);
    await Promise.all(Array.from({ length: 8 }, () => expect(database.statement(context, 'SELECT 1 / $1::int', [0])).rejects.toThrow(/division by zero/)));
    expect(await database.statement(context, 'SELECT name FROM company WHERE id = $1', [MINE])).toEqual([{ name: 'Acme Ltd' }]);
  });

  it('plan a marked statement once a connection', async () => {
    const marked = plannedOnce('SELECT $1::int + 1 AS next');
    const next = (value: number): Promise<{ next: number }[]> => database.statement(systemContext(MINE), marked, [value]);
    const fails = database.statement(systemContext(MINE), plannedOnce('SELECT 1 / $1::int'), [0]);
    await expect(fails).rejects.toThrow(/division by zero/);
    expect(await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map(next))).toEqual([2, 3, 4, 5, 6, 7, 8, 9].map((value) => [{ next: value }]));
    const kept = await database.read(systemContext(MINE), (manager) => manager.query<{ statement: string }[]>('SELECT statement FROM pg_prepared_statements'));
    expect(kept.map(({ statement }) => statement)).toContain(marked);
  });

  it('take a statement along', async () => {
    const context = systemContext(THEIRS);
    await expect(database.write(context, async () => {
      expect(await database.statement(context, ADD, [THEIRS, THEIRS])).toHaveLength(1);
      throw new Error('no');
    })).rejects.toThrow('no');
    expect(await names(THEIRS)).toEqual([]);
    await expect(database.read(context, () => database.statement(context, ADD, [THEIRS, THEIRS]))).rejects.toThrow(/inside a read/);
  });

  it('are repeated after a deadlock', async () => {
    await test.query("INSERT INTO company (id, workspace_id, name) SELECT ('01a20d21-0000-7000-8000-0000000001' || n)::uuid, $1, 'C' FROM generate_series(10, 11) n", [MINE]);
    const ids = ['01a20d21-0000-7000-8000-000000000110', '01a20d21-0000-7000-8000-000000000111'];
    const bothHoldOne = meeting(2);
    let begun = 0;
    const rename = (order: readonly string[], mark: string): Promise<void> => database.write(systemContext(MINE), async (manager) => {
      begun += 1;
      await manager.query(RENAME, [order[0], mark]);
      await bothHoldOne();
      await manager.query(RENAME, [order[1], mark]);
    });
    await Promise.all([rename(ids, 'a'), rename([...ids].reverse(), 'b')]);
    expect(begun).toBeGreaterThan(2);
    for (const id of ids) expect([...(await names(id))[0]!].sort()).toEqual(['C', 'a', 'b']);
  });
});
