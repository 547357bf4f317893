import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { migrateUp } from '../../src/infrastructure/database/migrations.js';
import { schemaOf } from '../database/schema.js';
import { Office } from '../support/office.js';
import type { TestDatabase } from '../support/test-database.js';
import { backUpToFile, codeOf, contentOf, emptyDatabase, migrationsWith, restoreFromFile, temporaryFolder } from './backup-bench.js';

const ODD = `
CREATE TABLE odd (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, number serial, note text, note_length int GENERATED ALWAYS AS (length(note)) STORED, doc jsonb, bytes bytea, tags text[], grid int[][],
  at timestamptz, local timestamp, day date, span interval, price numeric, ratio double precision, small real, flag boolean, ranges int4range, "Quoted ""name" uuid
);
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'rows are not new'; END $$;
CREATE TRIGGER guard BEFORE INSERT ON odd FOR EACH ROW WHEN (NEW.note = 'kept') EXECUTE FUNCTION refuse();`;

const ROWS = `
INSERT INTO odd (note, doc, bytes, tags, grid, at, local, day, span, price, ratio, small, flag, ranges, "Quoted ""name") VALUES
  (E'tab\\tline\\nreturn\\rback\\\\slash \\\\N \\\\.', '{"a": [1, null, "\\\\u00e9"], "b": {"c": 1e400}}', '\\x00ff0a5c', ARRAY['a', NULL, 'b"c', '{}', ''], '{{1,2},{3,4}}', '2026-03-29 02:30:00.123456+01', '0044-03-15 12:00 BC', 'infinity',
   '1 year -2 days 03:04:05.000006', 'NaN', 0.1::float8 + 0.2, '-0', true, '[1,5)', gen_random_uuid()),
  ('', 'null', '', '{}', NULL, '-infinity', NULL, '0001-01-01', '0', 12345678901234567890.123456789, 'Infinity', 1e-40, false, 'empty', NULL),
  (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (repeat('ü😀', 5000), '{}', decode(repeat('00ff', 100000), 'hex'), ARRAY[repeat('x', 10000)], NULL, now(), NULL, NULL, NULL, 0.10, 5e-324, NULL, NULL, NULL, NULL);
DELETE FROM odd WHERE note = '';
SELECT setval('odd_number_seq', 4711)`;

describe('a backup that is restored', () => {
  let office: Office;
  let folder: { path: string; remove: () => Promise<void> };
  let migrations: string;
  let file: string;
  let restored: TestDatabase;

  beforeAll(async () => {
    office = await Office.open();
    folder = await temporaryFolder();
    migrations = await migrationsWith(folder.path, 'Odd1999999999990', ODD);
    await migrateUp(office.database.ownerUrl, office.database.applicationUrl, migrations);
    await office.database.query(ROWS);
    await office.database.query("ALTER TABLE odd DISABLE TRIGGER guard; INSERT INTO odd (note) VALUES ('kept'); ALTER TABLE odd ENABLE TRIGGER guard");
    for (const slug of ['one', 'two']) {
      const team = await office.team(slug);
      await team.member('rita');
      for (let n = 0; n < 3; n++) await team.applicant();
    }
    await office.work('analyzeResume');
    file = join(folder.path, 'first.backup');
    await backUpToFile(office.database, file);
    restored = await emptyDatabase();
    await restoreFromFile(file, restored, { migrations });
  });
  afterAll(async () => {
    await restored.drop();
    await office.close();
    await folder.remove();
  });

  it('has every row of every table', async () => {
    const content = await contentOf(restored);
    expect(content).toEqual(await contentOf(office.database));
    expect(Object.values(content).filter((table) => !table.startsWith('0 ')).length).toBeGreaterThan(20);
    expect(content).toMatchObject({ odd: expect.stringMatching(/^4 /), score_run: expect.stringMatching(/^6 /) });
  });

  it('has the schema of the saved one', async () => {
    expect(await schemaOf(restored)).toEqual(await schemaOf(office.database));
  });

  it('goes on with its numbers', async () => {
    const insert = "INSERT INTO odd (note) VALUES ('next') RETURNING id::int, number, note_length";
    expect(await restored.query(insert)).toEqual(await office.database.query(insert));
    expect((await restored.query('SELECT number FROM odd WHERE note = $1', ['next']))[0]).toEqual({ number: 4713 });
  });

  it('keeps its triggers and foreign keys', async () => {
    await expect(restored.query("INSERT INTO odd (note) VALUES ('kept')")).rejects.toThrow(/not new/);
    await expect(restored.query('UPDATE application SET score_run_id = gen_random_uuid()')).rejects.toThrow(/foreign key/);
  });

  it('refuses a database that holds something', async () => {
    expect(await codeOf(restoreFromFile(file, restored, { migrations }))).toBe('TARGET_NOT_EMPTY');
    await restored.query("UPDATE company SET name = 'changed'; DELETE FROM odd");
    await restoreFromFile(file, restored, { migrations, replaces: true });
    expect((await contentOf(restored))['odd']).toMatch(/^4 /);
  });

  it('is accepted by a migrated database', async () => {
    const migrated = await emptyDatabase();
    await migrateUp(migrated.ownerUrl, migrated.ownerUrl, migrations);
    expect((await restoreFromFile(file, migrated, { migrations })).find(({ name }) => name === 'odd')).toMatchObject({ rows: 4 });
    await migrated.drop();
  });

  it('is refused by an older version', async () => {
    const older = await emptyDatabase();
    expect(await codeOf(restoreFromFile(file, older))).toBe('BACKUP_NEWER');
    expect(await older.query("SELECT 1 FROM pg_class WHERE relnamespace = 'public'::regnamespace")).toEqual([]);
    await older.drop();
  });

  it('is brought forward by a newer version', async () => {
    const newer = await emptyDatabase();
    const old = join(folder.path, 'old.backup');
    const current = await Office.open();
    await backUpToFile(current.database, old);
    await restoreFromFile(old, newer, { migrations });
    expect(await migrateUp(newer.ownerUrl, newer.ownerUrl, migrations)).toEqual(['Odd1999999999990']);
    await current.close();
    await newer.drop();
  });
});
