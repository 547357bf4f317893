import { randomBytes } from 'node:crypto';
import pg from 'pg';

export const SERVER_VARIABLE = 'PERCH_TEST_SERVER';
export const TEMPLATE = 'perch_template';

/** The server of this test run: how its owner and how the application's login connect. */
export interface TestServer {
  readonly ownerUrl: string;
  readonly applicationUrl: string;
}

export interface TestDatabase extends TestServer {
  /** Runs a statement as the owner, whom row-level security does not bind. */
  query<Row extends object>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
  drop(): Promise<void>;
}

export function testServer(): TestServer {
  const described = process.env[SERVER_VARIABLE];
  if (!described) throw new Error('Run the tests with "npm test": it starts the database they need.');
  return JSON.parse(described) as TestServer;
}

const onDatabase = (url: string, database: string): string => Object.assign(new URL(url), { pathname: `/${database}` }).href;

async function administer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: testServer().ownerUrl });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

/** A database of its own for one test file: a clone of the migrated template, or an empty one. */
export async function createTestDatabase(template: string = TEMPLATE): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await administer(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  const server = testServer();
  const [ownerUrl, applicationUrl] = [onDatabase(server.ownerUrl, name), onDatabase(server.applicationUrl, name)];
  const pool = new pg.Pool({ connectionString: ownerUrl, max: 2 });
  pool.on('error', () => undefined);
  return {
    ownerUrl,
    applicationUrl,
    query: async <Row extends object>(sql: string, values: readonly unknown[] = []) => (await pool.query<Row>(sql, [...values])).rows,
    drop: async () => {
      await pool.end();
      await administer(`DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}
