import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { VARIABLES } from '../../src/config/environment.schema.js';
import { hasSource } from '../../src/config/variable-sources.js';
import { migrateDown, migrateUp } from '../../src/infrastructure/database/migrations.js';
import { perch } from '../backup/command.js';
import { freePort, startPgBouncer } from '../support/programs.js';
import { createTestDatabase } from '../support/test-database.js';
import { clockAt, faults, MIGRATIONS, Surroundings } from './doctor-bench.js';

const at = (url: string, change: Partial<URL>): string => Object.assign(new URL(url), change).href;

describe('perch doctor', () => {
  let around: Surroundings;

  beforeAll(async () => {
    around = await Surroundings.open();
    const owner = new pg.Client({ connectionString: around.database.ownerUrl });
    await owner.connect();
    await owner.query(`DROP ROLE IF EXISTS doctor_web; CREATE ROLE doctor_web LOGIN PASSWORD 'Vt6-Kq9Xz3Lm' NOSUPERUSER; GRANT perch_app TO doctor_web; DROP ROLE IF EXISTS doctor_guest; CREATE ROLE doctor_guest LOGIN PASSWORD 'Vt6-Kq9Xz3Lm' NOSUPERUSER`);
    await owner.end();
    const good = { DATABASE_URL: at(around.database.applicationUrl, { username: 'doctor_web', password: 'Vt6-Kq9Xz3Lm' }) };
    Object.assign(around.variables, good);
  });
  afterAll(async () => {
    await around.database.query('DROP TABLE IF EXISTS of_guest; DROP OWNED BY doctor_guest, doctor_web; DROP ROLE doctor_guest, doctor_web').finally(() => around.close());
  });

  const found = async (...question: Parameters<Surroundings['examine']>): Promise<string[]> => faults(await around.examine(...question));

  it('finds nothing wrong where nothing is', async () => {
    const findings = await around.examine();
    expect(faults(findings)).toEqual([]);
    const abouts = new Set(findings.map(({ about }) => about));
    for (const about of ['variables', 'database', 'DATABASE_URL', 'DIRECT_URL', 'migrations', 'clock', 'REDIS_URL', 'QSTASH_TOKEN', 'QSTASH_CURRENT_SIGNING_KEY', 'PERCH_STORAGE', 'SMTP_URL', 'PERCH_MODEL']) expect(abouts).toContain(about);
    expect(around.storage.objects.size).toBe(0);
    expect(around.mail.received).toEqual([]);
  });

  it('names what is missing on functions', async () => {
    const findings = await around.examine({ CRON_SECRET: null, QSTASH_TOKEN: null, DATABASE_URL: null }, { onFunctions: true });
    expect(faults(findings)).toEqual(['problem DATABASE_URL', 'problem QSTASH_TOKEN', 'problem CRON_SECRET']);
    for (const { level, action } of findings) if (level === 'problem') expect(action).toMatch(/openssl|Upstash|Provider/);
    const required = VARIABLES.filter(({ requiredOnFunctions }) => requiredOnFunctions);
    expect(required.filter(({ name }) => !hasSource(name))).toEqual([]);
  });

  it('names what is malformed and looks further', async () => {
    expect(await found({ REDIS_URL: 'http://redis', DATABASE_POOL_SIZE: 'many', QSTASH_TOKEN: 'Wrong-Token-4711' })).toEqual(['problem DATABASE_POOL_SIZE', 'problem REDIS_URL', 'problem QSTASH_TOKEN']);
    expect(await found({ PERCH_SECRT: 'x', PERCH_PUBLIC_URL: 'http://perch.example' })).toEqual(['problem PERCH_PUBLIC_URL', 'warning PERCH_SECRT']);
  });

  it.each([
    ['PERCH_SECRET', 'change-me-change-me-change-me-change-me'], ['CRON_SECRET', 'aaaaaaaaaaaaaaaaaaaa'], ['PERCH_SECRET', 'test-0123456789-test-0123456789-test'],
  ])('refuses the default key %s=%s', async (name, value) => {
    expect(await found({ [name]: value })).toEqual([`problem ${name}`]);
    expect(await found({ [name]: value, NODE_ENV: 'development' })).toEqual([]);
  });

  it('tells logins that see every workspace', async () => {
    const asOwner = await around.examine({ DATABASE_URL: around.variables['DIRECT_URL']! });
    expect(asOwner.find(({ level, about }) => level === 'problem' && about === 'DATABASE_URL')!.text).toMatch(/superuser or has BYPASSRLS/);
    await around.database.query('CREATE TABLE of_guest (id int); ALTER TABLE of_guest OWNER TO doctor_guest');
    const guest = { DATABASE_URL: at(around.database.applicationUrl, { username: 'doctor_guest', password: 'Vt6-Kq9Xz3Lm' }) };
    expect((await around.examine(guest)).find(({ level }) => level === 'problem')!.text).toMatch(/owns tables/);
    await around.database.query('DROP TABLE of_guest');
    expect((await around.examine(guest)).find(({ level }) => level === 'problem')!.text).toMatch(/not the rights of perch_app/);
  });

  it('tells a pooler from the direct way', async () => {
    const { database, variables } = around;
    const [pooler, ownPooler] = [await startPgBouncer(variables['DATABASE_URL']!), await startPgBouncer(database.ownerUrl)];
    const pooled = at(variables['DATABASE_URL']!, { port: String(pooler.port) });
    const findings = await around.examine({ DATABASE_URL: pooled });
    expect(findings.find(({ text }) => /pooler/.test(text))).toMatchObject({ level: 'ok', about: 'DATABASE_URL' });
    expect(await found({ DATABASE_URL: pooled, DATABASE_PREPARES: 'true' })).toEqual(['warning DATABASE_PREPARES']);
    expect(await found({}, { onFunctions: true })).toEqual(['warning DATABASE_URL']);
    expect(await found({ DIRECT_URL: at(database.ownerUrl, { port: String(ownPooler.port) }) })).toEqual(['problem DIRECT_URL']);
    await Promise.all([pooler.stop(), ownPooler.stop()]);
  });

  it('counts migrations that are missing', async () => {
    const database = await createTestDatabase();
    const urls = { DIRECT_URL: database.ownerUrl, DATABASE_URL: at(around.variables['DATABASE_URL']!, { pathname: new URL(database.ownerUrl).pathname }) };
    await migrateDown(database.ownerUrl, MIGRATIONS);
    expect(await found(urls)).toEqual(['problem migrations']);
    await migrateUp(database.ownerUrl, database.applicationUrl, MIGRATIONS);
    expect(await found(urls)).toEqual([]);
    await database.drop();
  });

  it('measures the clock', async () => {
    expect(await found({}, { clock: clockAt(-90_000) })).toEqual(['problem clock']);
    expect(await found({}, { clock: clockAt(45_000) })).toEqual(['warning clock']);
  });

  it('tells each service that is away', async () => {
    const port = await freePort();
    const away = `http://127.0.0.1:${port}`;
    expect(await found({
      DATABASE_URL: `postgres://web:Vt6-Kq9Xz3Lm@127.0.0.1:${port}/perch`, DIRECT_URL: `postgres://own:Vt6-Kq9Xz3Lm@127.0.0.1:${port}/perch`, REDIS_URL: `redis://127.0.0.1:${port}`,
      QSTASH_URL: away, S3_ENDPOINT: away, SMTP_URL: `smtp://127.0.0.1:${port}`, PERCH_MODEL_BASE_URL: `${away}/v1`,
    })).toEqual(['DATABASE_URL', 'DIRECT_URL', 'REDIS_URL', 'QSTASH_TOKEN', 'PERCH_STORAGE', 'SMTP_URL', 'PERCH_MODEL_API_KEY'].map((about) => `problem ${about}`));
  });

  it('compares the signing keys with the account', async () => {
    const { QSTASH_CURRENT_SIGNING_KEY: current, QSTASH_NEXT_SIGNING_KEY: next } = around.variables;
    expect(await found({ QSTASH_CURRENT_SIGNING_KEY: next! })).toEqual(['problem QSTASH_CURRENT_SIGNING_KEY']);
    expect(await found({ QSTASH_NEXT_SIGNING_KEY: current! })).toEqual(['warning QSTASH_NEXT_SIGNING_KEY']);
  });

  it('refuses a folder that cannot be written', async () => {
    const file = join(around.folder, 'file');
    await writeFile(file, '');
    expect(await found({ PERCH_STORAGE: 'disk', PERCH_STORAGE_DIR: join(file, 'objects') })).toEqual(['problem PERCH_STORAGE']);
  });
});

describe('what perch doctor prints', () => {
  let around: Surroundings;
  let echo: Server;

  beforeAll(async () => {
    around = await Surroundings.open();
    echo = createServer((request, response) => void response.writeHead(500).end(`cannot serve ${request.headers.authorization}`));
    await new Promise<void>((done) => echo.listen(0, '127.0.0.1', done));
  });
  afterAll(async () => {
    echo.closeAllConnections();
    echo.close();
    await around.close();
  });

  it('holds no secret, whatever services say', async () => {
    const echoing = { ...around.variables, QSTASH_URL: `http://127.0.0.1:${(echo.address() as AddressInfo).port}`, PERCH_MODEL_BASE_URL: `http://127.0.0.1:${(echo.address() as AddressInfo).port}/v1`, BACKUP_KEY: 'not-a-key-Xz9Kq3' };
    for (const flags of [[], ['--json']]) {
      const { stdout, stderr, code } = await perch(['doctor', ...flags], echoing);
      expect(code).toBe(1);
      expect(stdout).toMatch(/cannot serve Bearer \[hidden\]/);
      for (const { name } of VARIABLES.filter(({ secret }) => secret)) {
        const value = (echoing as Record<string, string>)[name];
        if (value) expect(stdout + stderr).not.toContain(value);
      }
      expect(stdout + stderr).not.toContain('only-for-tests');
    }
  });

  it('is JSON or plain lines', async () => {
    const usual = { ...around.variables, NODE_ENV: 'development' };
    const json = await perch(['doctor', '--json'], usual);
    expect([json.code, (JSON.parse(json.stdout) as { ok: boolean }).ok]).toEqual([0, true]);
    const plain = await perch(['doctor'], { ...usual, REDIS_URL: 'redis://127.0.0.1:9' });
    expect(plain.code).toBe(1);
    expect(plain.stdout).toMatch(/^problem REDIS_URL [^\n]+\n {8}what to do: Start Redis/m);
    expect(plain.stdout).toMatch(/\n\n1 problems, 0 warnings, \d+ ok\n$/);
    expect((await perch(['doctor', '--loud'], usual)).code).toBe(2);
  });
});
