import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../src/common/ids.js';
import { sha256 } from '../../src/common/secrets.js';
import { ObjectStorage } from '../../src/infrastructure/object-storage/object-storage.js';
import { AlertBench } from '../alerts/alert-bench.js';

const CONTENT = Buffer.from('a file');

describe('the sweep of files', () => {
  let bench: AlertBench;
  let candidate: string;

  beforeAll(async () => {
    bench = await AlertBench.open();
    const person = newId();
    candidate = newId();
    await bench.database.query("INSERT INTO person (id, workspace_id, display_name) VALUES ($1, $2, 'Ada')", [person, bench.context.workspace]);
    await bench.database.query('INSERT INTO candidate (id, workspace_id, person_id) VALUES ($1, $2, $3)', [candidate, bench.context.workspace, person]);
  });
  afterAll(() => bench.close());

  async function store(days: number): Promise<string> {
    const key = `documents/${newId()}`;
    await bench.nest.get(ObjectStorage).put(bench.context, key, CONTENT, { size: CONTENT.length, sha256: sha256(CONTENT), contentType: 'text/plain' });
    await bench.database.query('UPDATE stored_object SET created_at = now() - make_interval(days => $2) WHERE key = $1', [key, days]);
    return key;
  }
  const name = (key: string, days: number): Promise<object[]> => bench.database.query(
    `INSERT INTO document (id, workspace_id, candidate_id, kind, file_name, mime_type, byte_size, sha256, storage_key, created_at)
     VALUES ($1, $2, $3, 'resume', 'a.txt', 'text/plain', 6, $4, $5, now() - make_interval(days => $6))`,
    [newId(), bench.context.workspace, candidate, sha256(CONTENT), key, days]);
  const keys = async (): Promise<string[]> => (await bench.database.query<{ key: string }>('SELECT key FROM stored_object ORDER BY key COLLATE "C"')).map(({ key }) => key);
  async function sweep(): Promise<object> {
    const [job] = await bench.database.query<{ id: string }>(
      `INSERT INTO background_job (id, workspace_id, type, payload, max_attempts, actor_type) VALUES (gen_random_uuid(), $1, 'sweepFiles', '{}', 3, 'system') RETURNING id`, [bench.context.workspace]);
    expect(await bench.deliver(job!.id)).toEqual({ kind: 'done' });
    return (await bench.database.query<{ result: object }>('SELECT result FROM background_job WHERE id = $1', [job!.id]))[0]!.result;
  }

  it('deletes old objects that nothing names', async () => {
    const kept = [await store(0), await store(2), await store(9)];
    for (const key of kept.slice(1)) await name(key, 2);
    await store(2);
    await store(30);
    expect(await sweep()).toEqual({ deleted: 2, missing: 0 });
    expect(await keys()).toEqual([...kept].sort());
    expect(await sweep()).toEqual({ deleted: 0, missing: 0 });
  });

  it('reports old records without their file', async () => {
    const [gone, young] = [`documents/${newId()}`, `documents/${newId()}`];
    await name(gone, 2);
    await name(young, 0);
    expect(await sweep()).toEqual({ deleted: 0, missing: 1 });
    const [line] = await bench.database.query<{ data: { key: string } }>("SELECT data FROM job_log WHERE message LIKE 'the file of a record%'");
    expect(line!.data.key).toBe(gone);
  });

  it('goes on over many pages', async () => {
    await bench.database.query('DELETE FROM document');
    await bench.database.query('DELETE FROM stored_object');
    await bench.database.query(
      `INSERT INTO stored_object (workspace_id, key, content, created_at) SELECT $1, 'documents/' || overlay(gen_random_uuid()::text PLACING '7' FROM 15), 'x', now() - interval '2 days' FROM generate_series(1, 450)`, [bench.context.workspace]);
    await bench.database.query(
      `INSERT INTO document (id, workspace_id, candidate_id, kind, file_name, mime_type, byte_size, sha256, storage_key, created_at)
       SELECT gen_random_uuid(), $1, $2, 'resume', 'a', 'text/plain', 1, 'x', key, now() - interval '2 days' FROM (SELECT key, row_number() OVER (ORDER BY key) AS n FROM stored_object) AS o WHERE n % 2 = 0`,
      [bench.context.workspace, candidate]);
    expect(await sweep()).toEqual({ deleted: 225, missing: 0 });
    expect(await keys()).toHaveLength(225);
  });
});
