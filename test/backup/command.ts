import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('./command-program.js', import.meta.url));

export interface CommandAnswer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The most memory that the process had. */
  readonly megabytes: number;
}

/** Runs `perch ARGS` in a process of its own with this environment alone. */
export function perch(args: readonly string[], environment: Readonly<Record<string, string>>): Promise<CommandAnswer> {
  const { PATH, HOME } = process.env;
  return new Promise((done) => {
    execFile(process.execPath, [PROGRAM, ...args], { env: { PATH, HOME, LOG_LEVEL: 'silent', ...environment }, maxBuffer: 10_000_000 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : Number(error.code);
      done({ code, stdout, stderr, megabytes: Number(/megabytes (\d+)/.exec(stderr)?.[1]) });
    });
  });
}
