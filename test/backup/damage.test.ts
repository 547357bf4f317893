import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openBackupFile } from '../../src/infrastructure/backup/backup-file.js';
import type { BackupManifest, BackupPart } from '../../src/infrastructure/backup/backup-manifest.js';
import { backupKey } from '../../src/infrastructure/backup/frame-cipher.js';
import { OpenedBackup } from '../../src/infrastructure/backup/read-backup.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { backUpToFile, codeOf, emptyDatabase, KEY, restoreFromFile, temporaryFolder } from './backup-bench.js';

const WORKSPACE = '01a20d21-0000-7000-8000-00000000000a';

describe('a damaged backup', () => {
  let database: TestDatabase;
  let target: TestDatabase;
  let folder: { path: string; remove: () => Promise<void> };
  let manifest: BackupManifest;
  let bytes: Buffer;
  let changed: string;

  beforeAll(async () => {
    folder = await temporaryFolder();
    database = await createTestDatabase();
    target = await createTestDatabase();
    await target.query("COMMENT ON TABLE company IS 'untouched'");
    await database.query("INSERT INTO workspace (id, slug, name) VALUES ($1, 'bench', 'Bench')", [WORKSPACE]);
    await database.query(`INSERT INTO company (id, workspace_id, name) SELECT gen_random_uuid(), $1, 'Company ' || n FROM generate_series(1, 500) n`, [WORKSPACE]);
    await database.query(`INSERT INTO person (id, workspace_id, display_name, company_id) SELECT gen_random_uuid(), $1, 'Ada', id FROM company`, [WORKSPACE]);
    const file = join(folder.path, 'whole.backup');
    manifest = await backUpToFile(database, file);
    bytes = await readFile(file);
    changed = join(folder.path, 'changed.backup');
  });
  afterAll(async () => {
    await target.drop();
    await database.drop();
    await folder.remove();
  });

  /** The code with which the changed file is refused, both where it is read through and where it is restored. */
  async function refused(content: Buffer): Promise<string> {
    await writeFile(changed, content);
    const restoring = await codeOf(restoreFromFile(changed, target));
    const reading = await codeOf(openBackupFile(changed).then(async (source) => (await OpenedBackup.open(source, [KEY])).verify().finally(() => source.close())));
    expect(reading).toBe(restoring);
    expect(await target.query("SELECT obj_description('company'::regclass) AS state, count(*)::int AS rows FROM company")).toEqual([{ state: 'untouched', rows: 0 }]);
    return restoring;
  }
  const partOf = (name: string): { start: number; size: number } => {
    const [{ ref, size }] = manifest.tables.find((table) => table.name === name)!.blocks[0]!.parts as [BackupPart];
    return { start: Number(ref), size };
  };
  const flipped = (at: number): Buffer => Buffer.from(bytes).fill(bytes[at]! ^ 1, at, at + 1);

  it('is refused where a bit is flipped', async () => {
    const { start, size } = partOf('person');
    for (const at of [start, start + 20, start + Math.floor(size / 2), start + size - 1]) expect([at, await refused(flipped(at))]).toEqual([at, 'BACKUP_DAMAGED']);
    expect(await refused(flipped(bytes.length - 1_000))).toBe('BACKUP_DAMAGED');
    expect(await refused(flipped(3))).toBe('NOT_A_BACKUP');
  });

  it('is refused where its end is missing', async () => {
    for (const length of [bytes.length - 1, bytes.length - 100, Math.floor(bytes.length / 2), 20]) expect([length, await refused(bytes.subarray(0, length))]).toEqual([length, 'BACKUP_TRUNCATED']);
    expect(await refused(Buffer.concat([bytes, bytes.subarray(0, 10)]))).toBe('BACKUP_TRUNCATED');
  });

  it('is refused where blocks changed places', async () => {
    const [company, person] = [partOf('company'), partOf('person')];
    const moved = Buffer.from(bytes);
    bytes.copy(moved, person.start, company.start, company.start + Math.min(company.size, person.size));
    expect(await refused(moved)).toBe('BACKUP_DAMAGED');
  });

  it('is refused under another key', async () => {
    await writeFile(changed, bytes);
    expect(await codeOf(restoreFromFile(changed, target, { keys: [backupKey(randomBytes(32))] }))).toBe('BACKUP_WRONG_KEY');
    expect(await codeOf(restoreFromFile(changed, target, { keys: [] }))).toBe('BACKUP_KEY_MISSING');
    expect(await codeOf(restoreFromFile(changed, target, { keys: [backupKey(randomBytes(32)), KEY] }))).toBe('it did not fail');
  });
});

describe('a database of somebody else', () => {
  it('is left alone', async () => {
    const [database, other, folder] = [await createTestDatabase(), await emptyDatabase(), await temporaryFolder()];
    await other.query('CREATE TABLE theirs (id int)');
    await backUpToFile(database, join(folder.path, 'ours'));
    expect(await codeOf(restoreFromFile(join(folder.path, 'ours'), other))).toBe('TARGET_NOT_EMPTY');
    expect(await other.query('SELECT * FROM theirs')).toEqual([]);
    await other.drop();
    await database.drop();
    await folder.remove();
  });
});

describe('the content of a backup', () => {
  it('is hidden unless that is not wanted', async () => {
    const [database, folder] = [await createTestDatabase(), await temporaryFolder()];
    await database.query("INSERT INTO workspace (id, slug, name) VALUES ($1, 'bench', 'Somebody')", [WORKSPACE]);
    const [sealed, open] = [join(folder.path, 'sealed'), join(folder.path, 'open')];
    await backUpToFile(database, sealed);
    await backUpToFile(database, open, null);
    // The list of tables is not compressed.
    expect([(await readFile(sealed)).includes('"workspace"'), (await readFile(open)).includes('"workspace"')]).toEqual([false, true]);
    const copy = await emptyDatabase();
    expect((await restoreFromFile(open, copy, { keys: [] })).length).toBeGreaterThan(40);
    await copy.drop();
    await database.drop();
    await folder.remove();
  });
});

describe('the login of a backup', () => {
  it('must not be bound by row-level security', async () => {
    const [database, folder] = [await createTestDatabase(), await temporaryFolder()];
    expect(await codeOf(backUpToFile({ ...database, ownerUrl: database.applicationUrl }, join(folder.path, 'bound')))).toBe('BACKUP_ROLE_BOUND');
    await database.drop();
    await folder.remove();
  });
});
