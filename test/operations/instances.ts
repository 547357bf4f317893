import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { CRON_SECRET, SECRET } from '../support/perch.js';
import type { TestDatabase } from '../support/test-database.js';

const PROGRAM = fileURLToPath(new URL('../support/function-instance.js', import.meta.url));

/** One process of the built functions. */
export interface Instance {
  readonly address: string;
  readonly child: ChildProcess;
  /** Tells it to end and waits until it has; its exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Starts the built functions on the database; QStash is nowhere, so background jobs wait. */
export async function startInstance(database: TestDatabase, extra: Readonly<Record<string, string>> = {}): Promise<Instance> {
  const { PATH, HOME } = process.env;
  const env = {
    PATH, HOME, NODE_ENV: 'production', LOG_LEVEL: 'silent', DATABASE_URL: database.applicationUrl, PERCH_PUBLIC_URL: 'http://127.0.0.1:9', PERCH_SECRET: SECRET, CRON_SECRET,
    QSTASH_URL: 'http://127.0.0.1:9', QSTASH_TOKEN: 'nobody', QSTASH_CURRENT_SIGNING_KEY: 'sig_one', QSTASH_NEXT_SIGNING_KEY: 'sig_two', ...extra,
  };
  const child = fork(PROGRAM, [], { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [] });
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return {
    address: `http://127.0.0.1:${port}`,
    child,
    stop: async (signal = 'SIGTERM') => {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      const gone = once(child, 'exit');
      child.kill(signal);
      return ((await gone) as [number | null])[0];
    },
  };
}
