import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import pg from 'pg';
import { BackupFileWriter } from '../../src/infrastructure/backup/backup-file.js';
import { copyPass, type CopiedBlock } from '../../src/infrastructure/backup/copy-pass.js';
import { DatabaseSnapshot } from '../../src/infrastructure/backup/database-snapshot.js';
import { finishBackup } from '../../src/infrastructure/backup/finish-backup.js';
import { migrateUp } from '../../src/infrastructure/database/migrations.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { backUpToFile, contentOf, emptyDatabase, KEY, migrationsWith, restoreFromFile, temporaryFolder } from './backup-bench.js';

/** About 20 MB: a few blocks. Every row takes the same room, so that rows can change places; the last page has room for a change of its row. */
const ROWS = 10_001;
const PILE = 'CREATE TABLE pile (id int PRIMARY KEY, amount int NOT NULL DEFAULT 100, turned int NOT NULL, filler text NOT NULL); CREATE INDEX pile_turned ON pile (turned); ALTER TABLE pile ALTER filler SET STORAGE PLAIN';
const FILL = `INSERT INTO pile SELECT n, 100, -n, repeat(md5(n::text), 62) FROM generate_series(1, ${ROWS}) n`;
const CUT = new Error('the time is over');

describe('copying in passes', () => {
  let database: TestDatabase;
  let folder: { path: string; remove: () => Promise<void> };
  let migrations: string;
  let files = 0;

  beforeAll(async () => {
    folder = await temporaryFolder();
    migrations = await migrationsWith(folder.path, 'Pile1999999999991', PILE);
    database = await createTestDatabase();
    await migrateUp(database.ownerUrl, database.ownerUrl, migrations);
  });
  beforeEach(() => database.query(`TRUNCATE pile`).then(() => database.query(FILL)));
  afterAll(async () => {
    await database.drop();
    await folder.remove();
  });

  /** A backup in a file whose passes may be cut off after some blocks. */
  async function openPasses(): Promise<{ path: string; pass: (most: number) => Promise<number>; finish: () => Promise<void> }> {
    const path = join(folder.path, `${++files}.backup`);
    const target = await BackupFileWriter.create(path);
    const known = new Map<string, CopiedBlock>();
    const run = async (most: number, end: (snapshot: DatabaseSnapshot, blocks: readonly CopiedBlock[]) => Promise<void>): Promise<number> => {
      const snapshot = await DatabaseSnapshot.open(database.ownerUrl);
      let copied = 0;
      try {
        const blocks = await copyPass(snapshot, target, KEY, {
          known: () => Promise.resolve([...known.values()]),
          record: async (block) => void known.set(`${block.table} ${block.chunk}`, block),
          beforeBlock: () => {
            if (copied++ === most) throw CUT;
          },
        });
        await end(snapshot, blocks);
      } catch (error) {
        if (error !== CUT) throw error;
      } finally {
        await snapshot.close();
      }
      return Math.min(copied, most);
    };
    return { path, pass: (most) => run(most, () => Promise.resolve()), finish: async () => void (await run(Infinity, async (snapshot, blocks) => void (await finishBackup(snapshot, target, KEY, blocks, null)))) };
  }

  async function restored<T>(path: string, look: (copy: TestDatabase) => Promise<T>): Promise<T> {
    const copy = await emptyDatabase();
    try {
      await restoreFromFile(path, copy, { migrations });
      return await look(copy);
    } finally {
      await copy.drop();
    }
  }

  it('copies nothing twice without a change', async () => {
    const { pass } = await openPasses();
    expect(await pass(Infinity)).toBeGreaterThan(2);
    expect(await pass(Infinity)).toBe(0);
  });

  it('finds every kind of change', async () => {
    const { path, pass, finish } = await openPasses();
    await pass(Infinity);
    const changes = [
      'UPDATE pile SET amount = 1 WHERE id = 10', `UPDATE pile SET amount = 1 WHERE id = ${ROWS}`, 'DELETE FROM pile WHERE id = 9000', 'DELETE FROM pile WHERE id = 5000; VACUUM pile', 'INSERT INTO pile VALUES (20000, 1, 1, \'x\')', 'INSERT INTO pile VALUES (20001, 1, 1, repeat(md5(\'x\'), 62))',
    ];
    for (const change of changes) {
      for (const statement of change.split(';')) await database.query(statement);
      expect([change, await pass(Infinity)]).not.toEqual([change, 0]);
    }
    await database.query('DELETE FROM pile WHERE id > 6000');
    await database.query('VACUUM pile');
    await finish();
    expect(await restored(path, contentOf)).toEqual(await contentOf(database));
  });

  it('is not misled by rows that changed places', async () => {
    const { path, pass, finish } = await openPasses();
    await pass(Infinity);
    await database.query('CLUSTER pile USING pile_turned');
    await database.query('UPDATE pile SET amount = 1 WHERE id = 1');
    await finish();
    expect(await restored(path, contentOf)).toEqual(await contentOf(database));
  });

  it('sees rows of transactions that were open', async () => {
    const { path, pass, finish } = await openPasses();
    const writer = new pg.Client({ connectionString: database.ownerUrl });
    await writer.connect();
    await writer.query(`BEGIN; UPDATE pile SET amount = 1 WHERE id = ${ROWS}`);
    await database.query('UPDATE pile SET amount = 2 WHERE id = 1');
    await pass(Infinity);
    await writer.query('COMMIT');
    await writer.end();
    await finish();
    expect(await restored(path, contentOf)).toEqual(await contentOf(database));
  });

  it('has all rows of one moment while others write', async () => {
    let stopped = false;
    let transfers = 0;
    const write = async (): Promise<void> => {
      while (!stopped) {
        const [from, to] = [1 + Math.floor(Math.random() * ROWS), 1 + Math.floor(Math.random() * ROWS)];
        await database.query('UPDATE pile SET amount = amount + CASE WHEN id = $1 THEN -1 ELSE 1 END WHERE id IN ($1, $2) AND $1 <> $2', [from, to]).then(() => transfers++, () => undefined);
      }
    };
    const writing = write();
    const path = join(folder.path, `${++files}.backup`);
    await backUpToFile(database, path);
    stopped = true;
    await writing;
    expect(transfers).toBeGreaterThan(20);
    expect(await restored(path, (copy) => copy.query('SELECT count(*)::int AS rows, sum(amount)::int AS sum FROM pile'))).toEqual([{ rows: ROWS, sum: 100 * ROWS }]);
  });
});
