import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const ONE = '01a20d21-0000-7000-8000-000000000001';
const TWO = '01a20d21-0000-7000-8000-000000000002';

/** References between tables of workspaces that do not name the workspace on both sides. */
const LOOSE_REFERENCES = `
SELECT conrelid::regclass::text || ' -> ' || confrelid::regclass::text || ' (' || conname || ')' AS name FROM pg_constraint c
WHERE contype = 'f' AND connamespace = 'public'::regnamespace
  AND EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = conrelid AND attname = 'workspace_id' AND NOT attisdropped)
  AND EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = confrelid AND attname = 'workspace_id' AND NOT attisdropped)
  AND NOT EXISTS (SELECT 1 FROM unnest(conkey, confkey) AS pair(own, other)
    JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = own AND a.attname = 'workspace_id'
    JOIN pg_attribute b ON b.attrelid = confrelid AND b.attnum = other AND b.attname = 'workspace_id')`;

/** Unique indexes that rows of two workspaces could collide in, so that an error would tell one of the other. */
const SHARED_KEYS = `
SELECT i.indexrelid::regclass::text AS name, (SELECT string_agg(attname, ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = i.indexrelid) AS columns FROM pg_index i
WHERE indisunique AND indrelid::regclass::text NOT LIKE 'qstash.%'
  AND EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = indrelid AND attname = 'workspace_id' AND NOT attisdropped)
  AND NOT EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = i.indexrelid AND attname = 'workspace_id')
  AND (SELECT relnamespace FROM pg_class WHERE oid = indrelid) = 'public'::regnamespace`;

describe('two workspaces in one database', () => {
  let database: TestDatabase;
  let client: pg.Client;

  const enter = (workspace: string): Promise<unknown> => client.query("SELECT set_config('perch.workspace_id', $1, false)", [workspace]);

  beforeAll(async () => {
    database = await createTestDatabase();
    await database.query("INSERT INTO workspace (id, slug, name) VALUES ($1, 'one', 'One'), ($2, 'two', 'Two')", [ONE, TWO]);
    client = new pg.Client({ connectionString: database.applicationUrl });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  it('name the workspace in every reference', async () => {
    expect(await database.query(LOOSE_REFERENCES)).toEqual([]);
    await database.query('CREATE TABLE planted (id uuid, workspace_id uuid, company_id uuid, UNIQUE (id)); ALTER TABLE company ADD CONSTRAINT alone UNIQUE (id); ALTER TABLE planted ADD CONSTRAINT loose FOREIGN KEY (company_id) REFERENCES company (id)');
    expect(await database.query(LOOSE_REFERENCES)).toEqual([{ name: 'planted -> company (loose)' }]);
    await database.query('DROP TABLE planted; ALTER TABLE company DROP CONSTRAINT alone');
  });

  it('cannot be tied together', async () => {
    await database.query("INSERT INTO company (id, workspace_id, name) VALUES ($1, $1, 'Acme')", [ONE]);
    await enter(TWO);
    await expect(client.query("INSERT INTO person (id, workspace_id, display_name, company_id) VALUES (gen_random_uuid(), $1, 'Spy', $2)", [TWO, ONE])).rejects.toThrow(/person_workspace_id_company_id_fkey/);
  });

  it('share no key that people choose', async () => {
    const shared = await database.query<{ name: string; columns: string }>(SHARED_KEYS);
    // Ids and hashes of random secrets cannot be guessed, and what hangs on such an id is of its workspace.
    const chosen = shared.filter(({ columns }) => !/^(id|token_hash|message_id|transport, call_id|\w+_id(, \w+)*)$/.test(columns));
    expect(chosen).toEqual([]);
    expect(shared.length).toBeGreaterThan(20);
  });

  it('may hold the same names', async () => {
    for (const workspace of [ONE, TWO]) {
      await enter(workspace);
      await client.query("INSERT INTO company (id, workspace_id, name, domain) VALUES (gen_random_uuid(), $1, 'Twin', 'twin.example')", [workspace]);
      expect((await client.query("SELECT count(*)::int AS count FROM company WHERE domain = 'twin.example'")).rows).toEqual([{ count: 1 }]);
    }
  });

  it('have audit logs that only grow', async () => {
    await enter(ONE);
    await client.query("INSERT INTO audit_event (id, workspace_id, action, object_type, object_id, actor_type, request_id) VALUES ($1, $1, 'company.create', 'company', $1, 'system', 'r')", [ONE]);
    for (const change of ["UPDATE audit_event SET action = 'nothing'", 'DELETE FROM audit_event', 'TRUNCATE audit_event', "UPDATE stage_event SET reason = 'x'", 'DELETE FROM stage_event']) {
      await expect(client.query(change)).rejects.toThrow(/permission denied/);
    }
  });
});
