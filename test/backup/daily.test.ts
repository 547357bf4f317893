import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newId } from '../../src/common/ids.js';
import { ScheduleService } from '../../src/serverless-jobs/schedules/schedule.service.js';
import type { TestDatabase } from '../support/test-database.js';
import { contentOf, emptyDatabase } from './backup-bench.js';
import { DailyBench, WORKSPACE } from './daily-bench.js';

const PAIRS = 6_000;
/** Enough to come from companies to people, which are in blocks of their own. */
const SHORT_INVOCATIONS = 5;

const lettersOf = (id: string): string => id.replaceAll('-', '').replace(/[0-9a-f]/g, (digit) => String.fromCharCode(97 + parseInt(digit, 16)));

describe('the daily backup', () => {
  let bench: DailyBench;

  beforeAll(async () => {
    bench = await DailyBench.open();
    await bench.database.query(`INSERT INTO company (id, workspace_id, name) SELECT gen_random_uuid(), $1, 'Company ' || n FROM generate_series(1, $2::int) n`, [WORKSPACE, PAIRS]);
    await bench.database.query(`INSERT INTO person (id, workspace_id, display_name, company_id) SELECT gen_random_uuid(), $1, repeat('Ada ', 500), id FROM company`, [WORKSPACE]);
  });
  beforeEach(async () => {
    await bench.database.query('DELETE FROM background_job');
    await bench.database.query('DELETE FROM backup_block');
  });
  afterAll(() => bench.close());

  async function restored<T>(id: string, look: (database: TestDatabase) => Promise<T>): Promise<T> {
    const database = await emptyDatabase();
    try {
      await bench.restore(id, database);
      return await look(database);
    } finally {
      await database.drop();
    }
  }
  const count = async (database: TestDatabase, table: string): Promise<number> => (await database.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`))[0]!.n;
  const blocks = (): Promise<number> => count(bench.database, 'backup_block');

  /** A company and its person, or a pair less, in one transaction. */
  async function change(): Promise<void> {
    const id = newId();
    await bench.database.query(`WITH c AS (INSERT INTO company (id, workspace_id, name) VALUES ($1, $2, 'New') RETURNING id, workspace_id)
      INSERT INTO person (id, workspace_id, display_name, company_id) SELECT id, workspace_id, 'New', id FROM c`, [id, WORKSPACE]);
    await bench.database.query(`WITH p AS (DELETE FROM person WHERE id = (SELECT id FROM person WHERE display_name <> 'New' ORDER BY id LIMIT 1) RETURNING company_id) DELETE FROM company WHERE id = (SELECT company_id FROM p)`)
      .catch(() => bench.database.query("UPDATE person SET headline = 'changed ' || now() WHERE id = (SELECT id FROM person ORDER BY id DESC LIMIT 1)"));
  }

  it('saves everything in one invocation', async () => {
    const before = await contentOf(bench.database);
    const { id, rows, passes } = await bench.backUp();
    expect(passes).toBe(1);
    expect(rows).toBeGreaterThan(2 * PAIRS);
    const after = await restored(id, contentOf);
    for (const table of ['company', 'person', 'workspace']) expect(after[table]).toBe(before[table]);
    expect((await bench.backups.list()).find((backup) => backup.id === id)).toMatchObject({ verified: true });
    expect(await blocks()).toBe(0);
  });

  /** Begins a backup that has copied a few blocks. */
  async function begin(): Promise<string> {
    const job = await bench.enqueue();
    for (let invocation = 0; invocation < 3; invocation++) await bench.deliver(job, 1);
    return job;
  }

  it('is of one moment over many invocations', async () => {
    const job = await bench.enqueue();
    // Each of these copies one block, while more is changed than one.
    for (let invocation = 1; invocation <= SHORT_INVOCATIONS; invocation++) {
      expect(await bench.deliver(job, 1)).toEqual({ kind: 'yielded' });
      expect(await blocks()).toBe(invocation);
      await change();
    }
    expect(await bench.deliver(job)).toEqual({ kind: 'done' });
    const { result } = await bench.job(job);
    expect(result.passes).toBe(SHORT_INVOCATIONS + 1);
    await restored(result.id, async (database) => {
      expect(await count(database, 'person')).toBe(await count(database, 'company'));
      expect(await count(database, "company c WHERE NOT EXISTS (SELECT 1 FROM person p WHERE p.company_id = c.id)")).toBe(0);
    });
  });

  it('copies again only what has changed', async () => {
    const job = await begin();
    const before = await bench.database.query<{ table: string; xmin: string }>('SELECT table_name AS "table", xmin_then AS xmin FROM backup_block');
    expect(before.map(({ table }) => table)).toEqual(expect.arrayContaining(['background_job']));
    await bench.database.query('INSERT INTO rate_limit (key) VALUES ($1)', [newId()]);
    await bench.deliver(job, 1);
    const after = await bench.database.query<{ table: string; xmin: string }>('SELECT table_name AS "table", xmin_then AS xmin FROM backup_block');
    for (const { table, xmin } of before) expect(after).toContainEqual({ table, xmin });
  });

  it('notices a table that was written anew', async () => {
    const job = await begin();
    await bench.database.query('VACUUM FULL company');
    expect(await bench.deliver(job)).toEqual({ kind: 'done' });
    await restored((await bench.job(job)).result.id, async (database) => {
      expect((await contentOf(database))['company']).toBe((await contentOf(bench.database))['company']);
    });
  });

  it('begins anew after a migration', async () => {
    const job = await begin();
    await bench.database.query("INSERT INTO migration (timestamp, name) VALUES (1999999999999, 'Later1999999999999')");
    await bench.deliver(job, 1);
    expect(await blocks()).toBe(1);
    await bench.database.query('DELETE FROM migration WHERE timestamp = 1999999999999');
  });

  it('refuses to publish what cannot be read back', async () => {
    const good = await bench.backUp();
    const job = await begin();
    const { cursor } = await bench.job(job);
    // The part of a block that is not copied again.
    const [{ parts }] = await bench.database.query<{ parts: { ref: string }[] }>("SELECT parts FROM backup_block WHERE table_name = 'audit_event' OR table_name = 'company' LIMIT 1") as [{ parts: { ref: string }[] }];
    const path = join(bench.objects, parts[0]!.ref);
    const bytes = await readFile(path);
    bytes[bytes.length - 30]! ^= 1;
    await writeFile(path, bytes);
    expect(await bench.deliver(job)).toMatchObject({ kind: 'dead' });
    expect((await bench.job(job)).errorCode).toBe('BACKUP_DAMAGED');
    const list = await bench.backups.list();
    expect(list.find(({ id }) => id === cursor.id)).toMatchObject({ verified: false });
    expect(list.find(({ id }) => id === good.id)).toMatchObject({ verified: true });
    expect(await bench.database.query("SELECT counts->>'id' AS id FROM system_heartbeat WHERE name = 'backup'")).toEqual([{ id: good.id }]);
  });

  it('gives up what an earlier one left', async () => {
    const { cursor: { id: left } } = await bench.job(await begin());
    expect((await readdir(bench.objects)).length).toBeGreaterThan(2);
    await bench.database.query('DELETE FROM background_job');
    await bench.backUp();
    const folders = await readdir(bench.objects);
    for (const folder of folders.filter((name) => /^backup-[a-p]{32}$/.test(name))) {
      const files = await readdir(join(bench.objects, folder));
      expect([folder, files.length > 0]).toEqual([folder, !folder.includes(lettersOf(left))]);
    }
  });

  it('is begun once for all workspaces', async () => {
    await bench.database.query("INSERT INTO workspace (id, slug, name, created_at) VALUES (gen_random_uuid(), 'younger', 'Younger', now() + interval '1 minute')");
    await bench.get(ScheduleService).syncRows();
    expect(await bench.database.query("SELECT workspace_id AS id FROM job_schedule WHERE name = 'backupDatabase'")).toEqual([{ id: WORKSPACE }]);
    expect(await bench.database.query("SELECT 1 FROM job_schedule WHERE name = 'sweepFiles'")).toHaveLength(2);
  });
});
