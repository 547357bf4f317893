import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import request from 'supertest';
import { planMigrations, type PlannedMigration } from '../../src/infrastructure/database/migration-plan.js';
import { timestampsIn } from '../../src/infrastructure/database/applied-migrations.js';
import { migrateDown, migrateUp } from '../../src/infrastructure/database/migrations.js';
import { risksOf, statementsOf } from '../../src/infrastructure/database/statement-risks.js';
import { perch } from '../backup/command.js';
import { startPgBouncer } from '../support/programs.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { MIGRATIONS } from './doctor-bench.js';
import { startInstance, type Instance } from './instances.js';

const none = async (): Promise<object[]> => [];
const kinds = (sql: string, fresh: readonly string[] = []): string[] => statementsOf(sql).flatMap((statement) => risksOf(statement, new Set(fresh)).map(({ kind }) => kind));

/** Steps that older code does not survive and that are not marked as contract steps. */
async function unmarked(folder: string): Promise<string[]> {
  const plans: PlannedMigration[] = [];
  // One by one: what an earlier migration made is not new to the version that runs.
  for (const timestamp of await timestampsIn(folder)) plans.push(...await planMigrations(folder, [timestamp], none));
  return plans.filter(({ contract }) => contract === null).flatMap(({ file, statements }) =>
    statements.filter(({ risks }) => risks.some(({ kind }) => kind === 'contract')).map(({ sql }) => `${file}: ${sql}`));
}

describe('the migrations', () => {
  it('break no running version unless marked', async () => {
    expect((await timestampsIn(MIGRATIONS)).length).toBeGreaterThan(15);
    expect(await unmarked(MIGRATIONS)).toEqual([]);
  });

  it('are seen through when they do', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'perch-planted-'));
    const plant = (name: string, contract: string): Promise<void> => writeFile(join(folder, `1999999999999-${name}.js`),
      `export class Planted1999999999999 { ${contract} async up(runner) { await runner.query('CREATE TABLE a (b int); ALTER TABLE a DROP COLUMN b; ALTER TABLE person DROP COLUMN display_name'); } async down() {} }`);
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    await plant('planted', '');
    expect(await unmarked(folder)).toEqual(['1999999999999-planted.ts: ALTER TABLE person DROP COLUMN display_name']);
    await rm(join(folder, '1999999999999-planted.js'));
    await plant('marked', "contract = 'nothing reads it since version 2';");
    expect(await unmarked(folder)).toEqual([]);
    await rm(folder, { recursive: true });
  });

  it.each([
    ['ALTER TABLE a DROP COLUMN b', ['contract']], ['ALTER TABLE public.a ADD x int, DROP b', ['contract']], ['ALTER TABLE a RENAME b TO c', ['contract']], ['ALTER TABLE a RENAME TO b', ['contract']],
    ['ALTER TABLE a ADD COLUMN b int NOT NULL', ['contract']], ["ALTER TABLE a ADD COLUMN b text NOT NULL DEFAULT ''", []], ['ALTER TABLE a ALTER COLUMN b SET NOT NULL', ['contract']],
    ['ALTER TABLE a ALTER b DROP NOT NULL', []], ['ALTER TABLE a ALTER b DROP DEFAULT', []], ['ALTER TABLE a DROP CONSTRAINT c', []], ['DROP TABLE a', ['contract']], ['DROP INDEX a', []], ['TRUNCATE a', ['contract']],
    ['ALTER TABLE a ALTER b TYPE bigint', ['rewrite']], ['ALTER TABLE a ADD b uuid DEFAULT gen_random_uuid()', ['rewrite']], ['ALTER TABLE a ADD CHECK (b > 0)', ['lock']], ['ALTER TABLE a ADD CONSTRAINT c CHECK (b > 0) NOT VALID', []],
    ['CREATE INDEX i ON a (b)', ['lock']], ['CREATE INDEX CONCURRENTLY i ON a (b)', []], ['UPDATE a SET b = 1', ['rows']], ['DELETE FROM a', ['rows']],
    ["CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN DELETE FROM a; DROP TABLE a; END $$", []], ["COMMENT ON TABLE a IS 'DROP TABLE a; DROP TABLE b' -- DROP TABLE c", []],
  ])('tell the risk of %s', (sql, expected) => {
    expect(kinds(sql)).toEqual(expected);
  });

  it('may do anything to new tables', () => {
    expect(kinds('CREATE INDEX i ON a (b); ALTER TABLE a ADD CHECK (b > 0)', ['a'])).toEqual([]);
  });
});

describe('perch migrate', () => {
  let database: TestDatabase;
  const run = (...args: string[]): ReturnType<typeof perch> => perch(['migrate', ...args], { DIRECT_URL: database.ownerUrl, DATABASE_URL: database.applicationUrl });

  beforeAll(async () => {
    database = await createTestDatabase('template0');
  });
  afterAll(() => database.drop());

  it('plans without changing anything', async () => {
    const { code, stdout } = await run('plan');
    expect([code, /1764000000000-foundation\.ts/.test(stdout), /CREATE TABLE workspace \(/.test(stdout)]).toEqual([0, true, true]);
    expect(await database.query("SELECT 1 FROM pg_tables WHERE schemaname = 'public'")).toEqual([]);
    expect(await run('status')).toMatchObject({ code: 1, stdout: expect.stringMatching(/^0 applied, \d+ pending\n/) });
  });

  it('runs once when three processes start', async () => {
    const results = await Promise.all([1, 2, 3].map(() => run('up')));
    expect(results.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(results.map(({ stdout }) => stdout.replace(/^\d+ applied.*/s, 'applied').trim()).sort()).toEqual(['Nothing was pending.', 'Nothing was pending.', 'applied']);
    const count = (await timestampsIn(MIGRATIONS)).length;
    expect(await run('status')).toMatchObject({ code: 0, stdout: `${count} applied, 0 pending\n` });
  });

  it('names large tables in a plan', async () => {
    await migrateDown(database.ownerUrl, MIGRATIONS);
    await database.query("UPDATE pg_class SET reltuples = 250000 WHERE oid = 'background_job'::regclass");
    await database.query("DELETE FROM migration WHERE timestamp = 1764300000000");
    const { code, stdout } = await run('plan');
    expect(code).toBe(0);
    expect(stdout).toMatch(/CREATE INDEX background_job_attention [^!]+! lock: writes wait [^\n]+about 250000 rows and [\d.]+ MB, which is BIG/);
  });

  it('refuses the way through a pooler', async () => {
    const pooler = await startPgBouncer(database.ownerUrl);
    const pooled = Object.assign(new URL(database.ownerUrl), { port: String(pooler.port) }).href;
    const { code, stderr } = await perch(['migrate', 'up'], { DIRECT_URL: pooled, DATABASE_URL: database.applicationUrl });
    await pooler.stop();
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^DIRECT_URL leads through a pooler in transaction mode/)]);
  });

  it('needs the way of the owner', async () => {
    expect(await perch(['migrate', 'up'], { DATABASE_URL: database.applicationUrl })).toMatchObject({ code: 2, stderr: expect.stringMatching(/^Set DIRECT_URL/) });
    expect((await run('sideways')).code).toBe(2);
  });
});

describe('a database at another version', () => {
  let database: TestDatabase;
  let instance: Instance;

  beforeAll(async () => {
    database = await createTestDatabase();
    await migrateDown(database.ownerUrl, MIGRATIONS);
    instance = await startInstance(database);
  });
  afterAll(async () => {
    await instance.stop();
    await database.drop();
  });

  it('is refused while it is behind', async () => {
    const { status, headers, body } = await request(instance.address).post('/api/graphql').send({ query: '{ __typename }' });
    expect([status, headers['content-type'], body.code]).toEqual([503, 'application/problem+json; charset=utf-8', 'SCHEMA_BEHIND']);
    const ready = await request(instance.address).get('/api/health/ready');
    expect([ready.status, ready.body.code, ready.body.missing]).toEqual([503, 'SCHEMA_BEHIND', 1]);
    expect(JSON.stringify(ready.body)).toMatch(/perch migrate up/);
  });

  it('is served as soon as it is not', async () => {
    await migrateUp(database.ownerUrl, database.applicationUrl, MIGRATIONS);
    const ready = await request(instance.address).get('/api/health/ready');
    expect([ready.status, ready.body.checks.find(({ name }: { name: string }) => name === 'schema').ok]).toEqual([200, true]);
  });

  it('may be ahead', async () => {
    await database.query(`INSERT INTO migration (timestamp, name) VALUES (1999999999999, 'Newer1999999999999'); ALTER TABLE person ADD COLUMN of_a_newer_version text`);
    const second = await startInstance(database);
    expect((await request(second.address).get('/api/health/ready')).status).toBe(200);
    await second.stop();
    await database.query(`DELETE FROM migration WHERE timestamp = 1999999999999`);
  });

  it('is told by a process that runs', async () => {
    await migrateDown(database.ownerUrl, MIGRATIONS);
    const { status, body } = await request(instance.address).get('/api/health/ready');
    expect([status, body.checks.find(({ name }: { name: string }) => name === 'schema')]).toEqual([503, expect.objectContaining({ ok: false, missing: 1 })]);
  });
});
