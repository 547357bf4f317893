import { spawn, type ChildProcess } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { searchPath } from '../../config/environment.js';
import { postgresHome, reachableByAll, runsAsRoot, UNPRIVILEGED } from './binaries.js';

const OWNER = 'perch';
const START_LIMIT_MS = 30_000;
const SETTINGS = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'logging_collector=off', 'max_connections=100'];

export interface EmbeddedPostgres {
  readonly port: number;
  /** Address of a database for the owner of the tables, who may do anything. */
  ownerUrl(database: string): string;
  /** Stops the server after it has written everything to disk. */
  stop(): Promise<void>;
}

interface RunningServer {
  readonly pid: number;
  readonly port: number;
}

/** PostgreSQL gets a small environment of its own: no LANG means the same collation on every machine. */
const serverEnvironment = (): Record<string, string> => ({ PATH: searchPath(), LC_ALL: 'C', TZ: 'UTC' });

async function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => done(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function answers(port: number, password: string): Promise<boolean> {
  const client = new pg.Client({ host: '127.0.0.1', port, user: OWNER, password, database: 'postgres', connectionTimeoutMillis: 1_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** The server that a killed process left running, or null. A left-over lock file of a dead server is removed. */
async function adopt(folder: string, password: string): Promise<RunningServer | null> {
  const lock = join(folder, 'postmaster.pid');
  const lines = (await readFile(lock, 'utf8').catch(() => '')).split('\n');
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  if (!pid) return null;
  for (let waited = 0; isAlive(pid) && waited < 5_000; waited += 250) {
    if (port && (await answers(port, password))) return { pid, port };
    await pause(250);
  }
  await rm(lock, { force: true });
  return null;
}

async function run(command: string, args: readonly string[], as: object): Promise<void> {
  const child = spawn(command, args, { ...as, env: serverEnvironment(), stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const code = await new Promise<number | null>((done, fail) => child.once('error', fail).once('exit', done));
  if (code !== 0) throw new Error(`The embedded PostgreSQL could not be made (${command} ended with ${code}).\n${log}`);
}

/**
 * The folder of the cluster. Where Perch runs as root below a folder that nobody else may enter, the cluster is kept in
 * /var/tmp with a link in the data folder, because PostgreSQL runs as an unprivileged user then.
 */
async function clusterFolder(dataDirectory: string): Promise<string> {
  const folder = join(resolve(dataDirectory), 'postgres');
  await mkdir(resolve(dataDirectory), { recursive: true });
  if (!runsAsRoot()) return folder;
  if (await reachableByAll(folder)) return folder;
  const elsewhere = `/var/tmp/perch-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`;
  await symlink(elsewhere, folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  return elsewhere;
}

/** The owner's password, made on the first start; other users of the machine must not get in through loopback. */
async function ownerPassword(dataDirectory: string): Promise<string> {
  const file = join(resolve(dataDirectory), 'postgres.password');
  await writeFile(file, randomBytes(24).toString('hex'), { mode: 0o600, flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  return readFile(file, 'utf8');
}

async function createCluster(home: string, folder: string, password: string, as: object): Promise<void> {
  if (await stat(join(folder, 'PG_VERSION')).then(() => true, () => false)) return;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (runsAsRoot()) await chown(folder, UNPRIVILEGED.uid, UNPRIVILEGED.gid);
  await chmod(folder, 0o700);
  const passwordFile = `${folder}.initial`;
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (runsAsRoot()) await chown(passwordFile, UNPRIVILEGED.uid, UNPRIVILEGED.gid);
  const access = ['-U', OWNER, '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  const locale = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'];
  try {
    await run(join(home, 'bin', 'initdb'), ['-D', folder, '--no-instructions', ...access, ...locale], as);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  } finally {
    await rm(passwordFile, { force: true });
  }
}

async function launch(home: string, folder: string, port: number, password: string, as: object): Promise<ChildProcess> {
  const flags = SETTINGS.flatMap((setting) => ['-c', setting]);
  const child = spawn(join(home, 'bin', 'postgres'), ['-D', folder, '-p', String(port), ...flags], {
    ...as, env: serverEnvironment(), stdio: ['ignore', 'ignore', 'pipe'], detached: true,
  });
  let log = '';
  child.stderr!.on('data', (chunk: Buffer) => (log = (log + chunk.toString()).slice(-8_000)));
  const started = Date.now();
  while (!(await answers(port, password))) {
    if (child.exitCode !== null) throw new Error(`The embedded PostgreSQL ended at once.\n${log}`);
    if (Date.now() - started > START_LIMIT_MS) throw new Error(`The embedded PostgreSQL did not answer.\n${log}`);
    await pause(20);
  }
  child.stderr!.removeAllListeners('data').resume();
  (child.stderr as unknown as { unref?: () => void }).unref?.();
  child.unref();
  return child;
}

/** Fast shutdown by signal; resolves when the process is gone. */
async function stopServer(pid: number): Promise<void> {
  if (!isAlive(pid)) return;
  process.kill(pid, 'SIGINT');
  for (let waited = 0; isAlive(pid) && waited < 10_000; waited += 20) await pause(20);
}

/**
 * Starts the PostgreSQL that comes with Perch on loopback, making its cluster on the first call, or takes over the one
 * that a killed process left running. Any free port is taken unless one is wanted. Throws an error that says what to do when
 * the machine cannot run it.
 */
export async function startEmbeddedPostgres(dataDirectory: string, wantedPort?: number): Promise<EmbeddedPostgres> {
  const home = await postgresHome();
  const folder = await clusterFolder(dataDirectory);
  const as = runsAsRoot() ? UNPRIVILEGED : {};
  const password = await ownerPassword(dataDirectory);
  let server = await adopt(folder, password);
  if (!server) {
    await createCluster(home, folder, password, as);
    const port = wantedPort ?? await freePort();
    const child = await launch(home, folder, port, password, as);
    server = { pid: child.pid!, port };
  }
  const { pid, port } = server;
  return {
    port,
    ownerUrl: (database) => `postgresql://${OWNER}:${password}@127.0.0.1:${port}/${database}`,
    stop: () => stopServer(pid),
  };
}

/** Makes the database unless it exists; true when it was made. */
export async function ensureDatabase(server: EmbeddedPostgres, name: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: server.ownerUrl('postgres') });
  await client.connect();
  try {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (found.rowCount) return false;
    await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
    return true;
  } finally {
    await client.end();
  }
}
