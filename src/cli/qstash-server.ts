import { fork } from 'node:child_process';
import { join } from 'node:path';

/** Runs the QStash server as a process of its own until it ends or a signal ends both. Returns its exit code. */
export const qstashServerCommand = (distribution: string): Promise<number> => new Promise((done) => {
  // The channel tells the server when this process was killed.
  const child = fork(join(distribution, 'src', 'qstash-server', 'main.js'), ['by-hand'], { stdio: ['inherit', 'inherit', 'inherit', 'ipc'], execArgv: [] });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void child.kill(signal));
  child.once('exit', (code) => done(code ?? 1));
});
