import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { migrateDown, migrateUp } from '../../src/infrastructure/database/migrations.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { schemaOf, unprotectedTables } from './schema.js';

const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url));
/** Tables that belong to no workspace: people who sign in may be in several, limits are by address, spent values are hashes, heartbeats, backups and migrations are of the whole installation. */
const SHARED = ['backup_block', 'migration', 'rate_limit', 'spent_value', 'system_heartbeat', 'user_account'];

/** Tables that belong to a person, who may be in several workspaces. */
const PERSONAL = ['passkey', 'recovery_code', 'second_factor'];

/** What their columns that must be set are given. */
const VALUES = { code_hash: '\\x00', sealed_secret: 'sealed', public_key: '\\x00', counter: 0, transports: [], name: 'Phone', last_step: 0, created_at: '2026-01-01T00:00:00Z' };

describe('row-level security', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('is forced on every table of a workspace', async () => {
    const tables = await database.query<{ name: string }>("SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')");
    const tenants = tables.filter(({ name }) => ![...SHARED, ...PERSONAL].includes(name));
    expect(tenants.length).toBeGreaterThan(18);
    const withKey = await database.query<{ name: string }>("SELECT table_name AS name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'workspace_id'");
    expect(tenants.map(({ name }) => name).sort()).toEqual([...withKey.map(({ name }) => name), 'workspace'].sort());
    expect(await unprotectedTables(database)).toEqual([]);
  });

  it('is missed where it is not forced', async () => {
    await database.query('CREATE TABLE planted (id uuid, workspace_id uuid); ALTER TABLE planted ENABLE ROW LEVEL SECURITY; CREATE POLICY open ON planted USING (true)');
    expect(await unprotectedTables(database)).toEqual(['planted']);
    await database.query('DROP TABLE planted');
  });

  it('shows what is personal to its person', async () => {
    const forced = await database.query<{ name: string }>("SELECT relname AS name FROM pg_class WHERE relname = ANY ($1) AND relrowsecurity AND relforcerowsecurity ORDER BY 1", [PERSONAL]);
    expect(forced.map(({ name }) => name)).toEqual(PERSONAL);
    const [mine, other] = ['01a20d21-0000-7000-8000-00000000000a', '01a20d21-0000-7000-8000-00000000000b'];
    for (const id of [mine, other]) {
      await database.query('INSERT INTO user_account (id, email, display_name) VALUES ($1, $2, $2)', [id, `${id}@example.com`]);
      for (const table of PERSONAL) await database.query(`INSERT INTO ${table} SELECT (jsonb_populate_record(NULL::${table}, $2 || jsonb_build_object('id', $1::uuid, 'user_id', $1::uuid, 'credential_id', $1::uuid))).*`, [id, VALUES]);
    }
    const client = new pg.Client({ connectionString: database.applicationUrl });
    await client.connect();
    for (const table of PERSONAL) {
      await client.query("SELECT set_config('perch.user_id', '', false)");
      expect((await client.query(`SELECT id FROM ${table}`)).rows).toEqual([]);
      await client.query("SELECT set_config('perch.user_id', $1, false)", [mine]);
      expect((await client.query(`SELECT id FROM ${table}`)).rows).toEqual([{ id: mine }]);
      await expect(client.query(`INSERT INTO ${table} SELECT (jsonb_populate_record(NULL::${table}, to_jsonb(row) || jsonb_build_object('id', gen_random_uuid(), 'user_id', $1::uuid, 'credential_id', 'x'))).* FROM ${table} row`, [other])).rejects.toThrow(/row-level security/);
      expect((await client.query(`DELETE FROM ${table} WHERE user_id = $1`, [other])).rowCount).toBe(0);
    }
    await client.end();
  });

  it('binds a role that cannot lift it', async () => {
    const [role] = await database.query("SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = 'perch_web'");
    expect(role).toEqual({ rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false });
    expect(await database.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tableowner IN ('perch_web', 'perch_app')")).toEqual([]);
  });

  it('shows nothing without a workspace', async () => {
    const id = '01a20d21-0000-7000-8000-000000000001';
    await database.query("INSERT INTO workspace (id, slug, name) VALUES ($1, 'one', 'One')", [id]);
    await database.query("INSERT INTO company (id, workspace_id, name) VALUES ($1, $1, 'Acme')", [id]);
    const client = new pg.Client({ connectionString: database.applicationUrl });
    await client.connect();
    const count = async (workspace: string): Promise<unknown> => {
      await client.query("SELECT set_config('perch.workspace_id', $1, false)", [workspace]);
      return (await client.query('SELECT count(*)::int AS count FROM company')).rows[0];
    };
    expect(await count('')).toEqual({ count: 0 });
    expect(await count('01a20d21-0000-7000-8000-000000000002')).toEqual({ count: 0 });
    expect(await count(id)).toEqual({ count: 1 });
    await client.query("SELECT set_config('perch.workspace_id', '01a20d21-0000-7000-8000-000000000002', false)");
    await expect(client.query("INSERT INTO company (id, workspace_id, name) VALUES (gen_random_uuid(), $1, 'Spy')", [id])).rejects.toThrow(/row-level security/);
    await expect(client.query('ALTER TABLE company DISABLE ROW LEVEL SECURITY')).rejects.toThrow(/must be owner/);
    await client.end();
  });
});

describe('migrations', () => {
  it('run once when two processes start', async () => {
    const database = await createTestDatabase('template0');
    const applied = await Promise.all([1, 2].map(() => migrateUp(database.ownerUrl, database.applicationUrl, MIGRATIONS)));
    expect(applied.map((names) => names.length).sort()).toEqual([0, applied.flat().length]);
    await database.drop();
  });

  it('go down and up to the same schema', async () => {
    const database = await createTestDatabase();
    const before = await schemaOf(database);
    const [{ count }] = await database.query<{ count: number }>('SELECT count(*)::int AS count FROM migration') as [{ count: number }];
    for (let step = 0; step < count; step++) await migrateDown(database.ownerUrl, MIGRATIONS);
    expect((await schemaOf(database)).filter((line) => !/migration/.test(line))).toEqual([]);
    await migrateUp(database.ownerUrl, database.applicationUrl, MIGRATIONS);
    expect(await schemaOf(database)).toEqual(before);
    expect(before.length).toBeGreaterThan(200);
    await database.drop();
  });
});
