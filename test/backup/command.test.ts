import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { newId } from '../../src/common/ids.js';
import { systemContext } from '../../src/common/request-context.js';
import { sha256 } from '../../src/common/secrets.js';
import { DiskObjectStorage } from '../../src/infrastructure/object-storage/disk-object-storage.js';
import { DoorAddresses } from '../../src/infrastructure/object-storage/door-address.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { contentOf, emptyDatabase, temporaryFolder } from './backup-bench.js';
import { perch } from './command.js';

const WORKSPACE = '01a20d21-0000-7000-8000-00000000000a';
const RESUME = randomBytes(20_000);

describe('the command perch backup', () => {
  let database: TestDatabase;
  let folder: { path: string; remove: () => Promise<void> };
  let environment: Record<string, string>;
  let resume: string;

  beforeAll(async () => {
    folder = await temporaryFolder();
    database = await createTestDatabase();
    await database.query("INSERT INTO workspace (id, slug, name) VALUES ($1, 'bench', 'Bench')", [WORKSPACE]);
    await database.query(`INSERT INTO company (id, workspace_id, name) SELECT gen_random_uuid(), $1, 'Company ' || n FROM generate_series(1, 500) n`, [WORKSPACE]);
    const objects = join(folder.path, 'objects');
    const key = `documents/${newId()}`;
    await new DiskObjectStorage(objects, new DoorAddresses(null, null, () => new Date()))
      .put(systemContext(WORKSPACE), key, RESUME, { size: RESUME.length, sha256: sha256(RESUME), contentType: 'application/pdf' });
    resume = join(objects, WORKSPACE, key);
    environment = {
      DATABASE_URL: database.applicationUrl, DIRECT_URL: database.ownerUrl, BACKUP_KEY: randomBytes(32).toString('base64'), PERCH_STORAGE: 'disk', PERCH_STORAGE_DIR: objects,
      PERCH_SECRET: 'a-secret-that-only-the-tests-know-0123456789', PERCH_PUBLIC_URL: 'http://127.0.0.1:9', QSTASH_URL: 'http://127.0.0.1:9', QSTASH_TOKEN: 'nobody',
    };
  });
  afterAll(async () => {
    await database.drop();
    await folder.remove();
  });

  it('saves into the object storage, lists and verifies', async () => {
    const made = await perch(['backup'], environment);
    expect([made.code, made.stdout]).toEqual([0, expect.stringMatching(/^[0-9a-f-]{36}: \d{3,} rows of \d+ tables as of \S+, \d+ bytes/)]);
    const name = made.stdout.slice(0, 36);
    expect((await perch(['backup', 'list'], environment)).stdout).toMatch(new RegExp(`^${name}\t.*read back$`, 'm'));
    expect((await perch(['backup', 'verify', name], environment)).stdout).toContain('is whole');
    // The database is gone, and with it all that knew of workspaces.
    const copy = await emptyDatabase();
    const { DATABASE_URL: _, DIRECT_URL: __, ...left } = environment;
    const restored = await perch(['restore', name, '--into', copy.ownerUrl], left);
    expect([restored.code, restored.stdout]).toEqual([0, expect.stringMatching(/^company\t500\t[0-9a-f]{16}$/m)]);
    expect(await contentOf(copy)).toEqual(await contentOf(database));
    await copy.drop();
  });

  it('takes files along and puts them back', async () => {
    const file = join(folder.path, 'with-files.backup');
    expect((await perch(['backup', '--with-files', '--to', file], environment)).stdout).toContain(', 1 files');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await rm(resume);
    expect((await perch(['backup', 'verify', file], environment)).stdout).toContain('missing in the object storage');
    const copy = await emptyDatabase();
    expect((await perch(['restore', file, '--into', copy.ownerUrl, '--with-files'], environment)).stdout).toContain('1 files put back');
    expect((await readFile(resume)).equals(RESUME)).toBe(true);
    await copy.drop();
  });

  it('notices files that are gone', async () => {
    const file = join(folder.path, 'files.backup');
    await perch(['backup', '--files', '--to', file], environment);
    expect((await perch(['backup', 'verify', file], environment)).code).toBe(0);
    await rm(resume);
    expect((await perch(['backup', 'verify', file], environment)).code).toBe(1);
  });

  it.each<readonly [string, readonly string[], Record<string, string>]>([
    ['BACKUP_KEY_MISSING', ['backup', '--to', 'never'], { BACKUP_KEY: '' }],
    ['BACKUP_NEEDS_DIRECT_URL', ['backup', '--to', 'never', '--unencrypted'], { DIRECT_URL: '' }],
    ['BACKUP_NEEDS_STORAGE', ['backup'], { PERCH_STORAGE: 'database' }],
    ['BACKUP_NOT_FOUND', ['backup', 'verify', '01a20d21-0000-7000-8000-00000000000b'], {}],
    ['BACKUP_NOT_FOUND', ['restore', '/nowhere', '--into', 'postgres://127.0.0.1:9/x'], {}],
    ['NOT_A_BACKUP', ['restore', '/etc/passwd', '--into', 'postgres://127.0.0.1:9/x'], {}],
    ['BACKUP_KEY must be keys of 32 bytes', ['backup'], { BACKUP_KEY: 'short' }],
  ])('says %s', async (code, args, changes) => {
    const { code: exit, stderr } = await perch(args.map((arg) => (arg === 'never' ? join(folder.path, arg) : arg)), { ...environment, ...changes });
    expect([exit, stderr]).toEqual([1, expect.stringContaining(code)]);
    expect(stderr).not.toMatch(/\n\s+at /);
    await expect(stat(join(folder.path, 'never'))).rejects.toThrow('ENOENT');
    await expect(stat(join(folder.path, 'never.partial'))).rejects.toThrow('ENOENT');
  });

  it('overwrites no file', async () => {
    const { code, stderr } = await perch(['backup', '--to', '/etc/passwd'], environment);
    expect([code, stderr]).toEqual([1, expect.stringContaining('BACKUP_EXISTS')]);
  });

  it.each([[['backup', 'verify']], [['backup', '--what']], [['restore']], [['restore', 'x']], [['restore', 'x', '--into', 'mysql://x']]])('explains itself after %s', async (args) => {
    const { code, stderr } = await perch(args, environment);
    expect([code, stderr]).toEqual([2, expect.stringContaining('Usage:')]);
  });
});
