import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { contentOf, emptyDatabase, temporaryFolder } from './backup-bench.js';
import { perch } from './command.js';

const WORKSPACE = '01a20d21-0000-7000-8000-00000000000a';
const ROWS = 200_000;
/** A process that has loaded the same programs and does nothing, and 100 MB more. */
const MOST_MORE_MEGABYTES = 100;

describe('a backup of many rows', () => {
  let database: TestDatabase;
  let folder: { path: string; remove: () => Promise<void> };
  let environment: Record<string, string>;

  beforeAll(async () => {
    folder = await temporaryFolder();
    database = await createTestDatabase();
    await database.query("INSERT INTO workspace (id, slug, name) VALUES ($1, 'bench', 'Bench')", [WORKSPACE]);
    await database.query(`INSERT INTO person (id, workspace_id, display_name, headline) SELECT gen_random_uuid(), $1, 'Person ' || n, (SELECT string_agg(md5(n::text || i), ' ') FROM generate_series(1, 10) i)
      FROM generate_series(1, $2::int) n`, [WORKSPACE, ROWS]);
    environment = { DIRECT_URL: database.ownerUrl, BACKUP_KEY: randomBytes(32).toString('base64') };
  });
  afterAll(async () => {
    await database.drop();
    await folder.remove();
  });

  it('needs little memory, in both directions', async () => {
    const file = join(folder.path, 'large.backup');
    const copy = await emptyDatabase();
    const idle = await perch(['backup', 'nothing'], environment);
    const started = performance.now();
    const saved = await perch(['backup', '--to', file], environment);
    const between = performance.now();
    const restored = await perch(['restore', file, '--into', copy.ownerUrl], environment);
    const ended = performance.now();
    expect([saved.code, restored.code]).toEqual([0, 0]);
    const { size } = await stat(file);
    process.stderr.write(`large: ${ROWS} rows, ${Math.round(size / 1e6)} MB saved in ${((between - started) / 1_000).toFixed(1)} s with ${saved.megabytes - idle.megabytes} MB more than nothing;`
      + ` RTO ${((ended - between) / 1_000).toFixed(1)} s with ${restored.megabytes - idle.megabytes} MB\n`);
    expect(saved.megabytes - idle.megabytes).toBeLessThan(MOST_MORE_MEGABYTES);
    expect(restored.megabytes - idle.megabytes).toBeLessThan(MOST_MORE_MEGABYTES);
    expect(await contentOf(copy)).toEqual(await contentOf(database));
    await copy.drop();
  });
});
