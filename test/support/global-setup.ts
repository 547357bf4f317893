import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { migrateUp } from '../../src/infrastructure/database/migrations.js';
import { ensureDatabase, startEmbeddedPostgres } from '../../src/infrastructure/embedded-postgres/embedded-postgres.js';
import { SERVER_VARIABLE, TEMPLATE, type TestServer } from './test-database.js';

const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url));

let stop = async (): Promise<void> => undefined;

/** One PostgreSQL for the whole run, with a migrated template that each test file clones. */
export default async function setup(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'perch-test-'));
  await chmod(folder, 0o755);
  const server = await startEmbeddedPostgres(folder);
  await ensureDatabase(server, TEMPLATE);
  const application = new URL(server.ownerUrl(TEMPLATE));
  application.username = 'perch_web';
  application.password = 'only-for-tests';
  await migrateUp(server.ownerUrl(TEMPLATE), application.href, MIGRATIONS);
  const described: TestServer = { ownerUrl: server.ownerUrl('postgres'), applicationUrl: application.href };
  process.env[SERVER_VARIABLE] = JSON.stringify(described);
  stop = async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
  Object.assign(globalThis, { stopTestServer: stop });
}
