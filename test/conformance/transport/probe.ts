import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Command, ProbePayload } from './probe-command.js';

const PROGRAM = fileURLToPath(new URL('./probe-process.js', import.meta.url));
const START_LIMIT_MS = 30_000;

export type Role = 'producer' | 'http' | 'worker';

interface Answer {
  readonly number: number;
  readonly value?: unknown;
  readonly took?: number;
  readonly error?: string;
}

/** A running process of the suite, driven by messages. */
export class Probe {
  private readonly open = new Map<number, (answer: Answer) => void>();
  private next = 0;
  private output = '';

  private constructor(private readonly child: ChildProcess) {
    child.on('message', (answer: Answer) => this.open.get(answer.number)?.(answer));
    for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
  }

  static async start(role: Role, environment: Readonly<Record<string, string>>): Promise<Probe> {
    const { PATH, HOME } = process.env;
    const child = fork(PROGRAM, [], { env: { PATH, HOME, NODE_ENV: 'test', LOG_LEVEL: 'error', PROBE_ROLE: role, ...environment }, stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: [] });
    const probe = new Probe(child);
    await new Promise<void>((done, fail) => {
      const timer = setTimeout(() => fail(new Error(`The process did not start.\n${probe.output}`)), START_LIMIT_MS);
      child.once('message', () => {
        clearTimeout(timer);
        done();
      });
      child.once('exit', (code) => fail(new Error(`The process ended with ${code}.\n${probe.output}`)));
    });
    return probe;
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** What it wrote so far. */
  get text(): string {
    return this.output;
  }

  /** Carries out the command there; resolves with its value and how many milliseconds it took. */
  tell<Value>(command: Command): Promise<{ value: Value; took: number }> {
    const number = this.next++;
    return new Promise((done, fail) => {
      this.open.set(number, ({ value, took, error }) => {
        this.open.delete(number);
        if (error === undefined) done({ value: value as Value, took: took! });
        else fail(new Error(error));
      });
      this.child.send({ number, command });
    });
  }

  async enqueue(...jobs: readonly ProbePayload[]): Promise<string[]> {
    return (await this.tell<string[]>({ enqueue: jobs })).value;
  }

  /** Ends it and resolves with its exit code, null where a signal ended it. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return this.child.exitCode;
    const gone = new Promise<number | null>((done) => this.child.once('exit', (code) => done(code)));
    this.child.kill(signal);
    return gone;
  }
}
