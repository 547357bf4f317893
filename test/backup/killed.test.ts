import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from '../support/eventually.js';
import { contentOf, emptyDatabase } from './backup-bench.js';
import { DailyBench, WORKSPACE } from './daily-bench.js';

const PROGRAM = fileURLToPath(new URL('./backup-process.js', import.meta.url));

describe('a backup whose process is killed', () => {
  let bench: DailyBench;

  beforeAll(async () => {
    bench = await DailyBench.open();
    await bench.database.query(`INSERT INTO company (id, workspace_id, name) SELECT gen_random_uuid(), $1, (SELECT string_agg(md5(n::text || i), ' ') FROM generate_series(1, 50) i) FROM generate_series(1, 20000) n`, [WORKSPACE]);
  });
  afterAll(() => bench.close());

  const blocks = (): Promise<{ table: string; chunk: number; xmin: string }[]> => bench.database.query('SELECT table_name AS "table", chunk, xmin_then AS xmin FROM backup_block ORDER BY 1, 2');

  it('goes on where it was', async () => {
    const job = await bench.enqueue();
    const child = fork(PROGRAM, [WORKSPACE, job], { stdio: 'ignore', execArgv: [], env: { ...process.env } });
    const gone = once(child, 'exit');
    await eventually('some blocks of companies are copied', async () => (await blocks()).filter(({ table }) => table === 'company').length >= 2, 60_000);
    child.kill('SIGKILL');
    expect(await gone).toEqual([null, 'SIGKILL']);
    const before = (await blocks()).filter(({ table }) => table === 'company');
    expect(await bench.backups.list()).toEqual([]);
    expect((await bench.deliver(job)).kind).not.toBe('done');
    await bench.database.query("UPDATE background_job SET lease_until = now() - interval '1 second' WHERE id = $1", [job]);
    await bench.deliver(job, 1);
    // Nothing that was copied before the kill is copied again.
    const now = await blocks();
    for (const block of before) expect(now).toContainEqual(block);
    expect(await bench.deliver(job)).toEqual({ kind: 'done' });
    const { result } = await bench.job(job);
    const copy = await emptyDatabase();
    await bench.restore(result.id, copy);
    expect((await contentOf(copy))['company']).toBe((await contentOf(bench.database))['company']);
    await copy.drop();
  });

  it('leaves no parts that nothing names', async () => {
    const id = (await bench.backups.list())[0]!.id;
    const [folder] = (await readdir(bench.objects)).filter((name) => /^backup-[a-p]{32}$/.test(name)) as [string];
    const counted = (await readdir(join(bench.objects, folder))).length;
    const [{ parts }] = await bench.database.query<{ parts: number }>("SELECT (counts->>'parts')::int AS parts FROM system_heartbeat WHERE name = 'backup' AND counts->>'id' = $1", [id]) as [{ parts: number }];
    expect(counted).toBe(parts);
  });
});
