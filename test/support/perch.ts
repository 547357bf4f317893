import { fork, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { keyedHash } from '../../src/common/secrets.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';

export const SECRET = 'a-secret-that-only-the-tests-know-0123456789';
export const CRON_SECRET = 'cron-secret-of-the-tests';
export const DEMO = { email: 'demo@perch.example', password: keyedHash(SECRET, 'demo login').slice(0, 16) };
const START_LIMIT_MS = 40_000;

/** The two shapes in which the same doors are served. */
export type Shape = 'process' | 'functions';

const ENTRIES: Readonly<Record<Shape, string>> = {
  process: fileURLToPath(new URL('../../src/main.js', import.meta.url)),
  functions: fileURLToPath(new URL('./function-launcher.js', import.meta.url)),
};

/** A running Perch with its own database. */
export interface Perch {
  readonly address: string;
  readonly database: TestDatabase;
  /** What it wrote to its output so far. */
  output(): string;
  /** Ends the process at once, as the kernel would, and keeps the database. */
  kill(): Promise<void>;
  /** Starts it again on the same database after `kill`. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

interface Started {
  readonly child: ChildProcess;
  readonly port: number;
  readonly text: () => string;
}

function environmentOf(database: TestDatabase, folder: string, port: number, extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env;
  return {
    PATH, HOME, NODE_ENV: 'test', LOG_LEVEL: 'error', PORT: String(port), PERCH_DATA_DIR: folder, PERCH_SECRET: SECRET, CRON_SECRET,
    DATABASE_URL: database.applicationUrl, DIRECT_URL: database.ownerUrl, ...extra,
  };
}

async function launch(shape: Shape, env: NodeJS.ProcessEnv): Promise<Started> {
  const child = fork(ENTRIES[shape], [], { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: [] });
  let text = '';
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (chunk: Buffer) => (text = (text + chunk.toString()).slice(-200_000)));
  const port = await new Promise<number>((done, fail) => {
    const timer = setTimeout(() => fail(new Error(`Perch did not start.\n${text}`)), START_LIMIT_MS);
    child.on('message', (message: { ready?: boolean; port?: number }) => {
      if (!message.ready) return;
      clearTimeout(timer);
      done(message.port!);
    });
    child.once('exit', (code) => fail(new Error(`Perch ended with ${code}.\n${text}`)));
  });
  return { child, port, text: () => text };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((done) => child.once('exit', done));
  child.kill(signal);
  await gone;
}

/** Starts Perch in the given shape on a clone of the migrated template; `arrange` may add to its environment. */
export async function startPerch(shape: Shape, arrange: (database: TestDatabase) => Promise<Readonly<Record<string, string>>> = async () => ({})): Promise<Perch> {
  const database = await createTestDatabase();
  const extra = await arrange(database);
  const folder = await mkdtemp(join(tmpdir(), 'perch-data-'));
  let started = await launch(shape, environmentOf(database, folder, 0, extra));
  const { port } = started;
  return {
    address: `http://127.0.0.1:${port}`,
    database,
    output: () => started.text(),
    kill: () => end(started.child, 'SIGKILL'),
    restart: async () => {
      started = await launch(shape, environmentOf(database, folder, port, extra));
    },
    stop: async () => {
      await end(started.child, 'SIGTERM');
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
