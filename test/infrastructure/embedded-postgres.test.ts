import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmod, mkdir, mkdtemp, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { ensureDatabase, startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/infrastructure/embedded-postgres/embedded-postgres.js';
import { eventually } from '../support/eventually.js';

async function ask(server: EmbeddedPostgres, sql: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: server.ownerUrl('postgres') });
  await client.connect();
  return client.query(sql).then(({ rows }) => rows[0] as unknown).finally(() => client.end());
}

const alive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('the embedded PostgreSQL', () => {
  let folder: string;
  let server: EmbeddedPostgres | null = null;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'perch-embedded-'));
    await chmod(folder, 0o755);
  });
  afterEach(async () => {
    await server?.stop();
    server = null;
    await rm(folder, { recursive: true, force: true });
  });

  const pidOf = async (): Promise<number> => Number((await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);

  it('is made in UTF-8 for one user with a password', async () => {
    server = await startEmbeddedPostgres(folder);
    expect(await ask(server, "SELECT pg_encoding_to_char(encoding) AS encoding, datlocale AS locale FROM pg_database WHERE datname = 'postgres'")).toEqual({ encoding: 'UTF8', locale: 'C.UTF-8' });
    const stranger = new pg.Client({ host: '127.0.0.1', port: server.port, user: 'postgres', password: 'guess', database: 'postgres' });
    await expect(stranger.connect()).rejects.toThrow(/authentication failed/);
    expect([await ensureDatabase(server, 'mine'), await ensureDatabase(server, 'mine')]).toEqual([true, false]);
    expect((await stat(join(folder, 'postgres.password'))).mode & 0o777).toBe(0o600);
  });

  it('is taken over when its parent was killed', async () => {
    const first = await startEmbeddedPostgres(folder);
    server = await startEmbeddedPostgres(folder);
    expect(server.port).toBe(first.port);
  });

  it('starts after it was killed itself', async () => {
    server = await startEmbeddedPostgres(folder);
    await ask(server, 'CREATE TABLE kept AS SELECT 42 AS answer');
    const pid = await pidOf();
    process.kill(pid, 'SIGKILL');
    await eventually('the server is gone', async () => !alive(pid));
    server = await startEmbeddedPostgres(folder);
    expect(await ask(server, 'SELECT answer FROM kept')).toEqual({ answer: 42 });
  });

  it('is made again when making it was interrupted', async () => {
    await mkdir(join(folder, 'postgres', 'base'), { recursive: true });
    await writeFile(join(folder, 'postgres', 'postgresql.conf'), '');
    server = await startEmbeddedPostgres(folder);
    expect(await ask(server, 'SELECT 1 AS one')).toEqual({ one: 1 });
  });

  it('runs below a folder closed to others', async () => {
    await chmod(folder, 0o700);
    server = await startEmbeddedPostgres(join(folder, 'data'));
    expect(await ask(server, 'SELECT 1 AS one')).toEqual({ one: 1 });
    // As root the cluster is elsewhere, behind a link; both go.
    const cluster = await realpath(join(folder, 'data', 'postgres'));
    await server.stop();
    await rm(cluster, { recursive: true, force: true });
  });
});
