import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestDatabase } from '../support/test-database.js';
import type { Story } from './story.js';
import type { WriterCommand } from './writer-process.js';

const PROGRAM = fileURLToPath(new URL('./writer-process.js', import.meta.url));
const BUNDLER = new URL('../../../scripts/bundle.mjs', import.meta.url).href;

/** A process that tells stories, and can be killed or stopped while it does. */
export class Writer {
  private number = 0;

  private constructor(
    private readonly child: ChildProcess,
    private readonly workspaceId: string,
  ) {}

  static async start(program: string, workspaceId: string, env: NodeJS.ProcessEnv): Promise<Writer> {
    const child = fork(program, [], { execArgv: [], stdio: ['ignore', 'ignore', 'ignore', 'ipc'], env });
    await once(child, 'message');
    return new Writer(child, workspaceId);
  }

  async enqueue(story: Story): Promise<string> {
    return ((await this.tell({ enqueue: story, workspaceId: this.workspaceId })) as { id: string }).id;
  }

  /** Runs the story and resolves with its outcome; null where the process was killed before. */
  deliver(id: string): Promise<{ kind: string } | null> {
    return this.tell({ deliver: id, workspaceId: this.workspaceId }) as Promise<{ kind: string } | null>;
  }

  stop(): void {
    this.child.kill('SIGSTOP');
  }

  wake(): void {
    this.child.kill('SIGCONT');
  }

  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await gone;
  }

  private tell(command: WriterCommand): Promise<unknown> {
    const number = ++this.number;
    return new Promise((done) => {
      const settle = (answer: unknown): void => {
        this.child.off('message', listen).off('exit', onExit);
        done(answer);
      };
      const listen = (message: { number: number; answer: unknown }): void => void (message.number === number && settle(message.answer));
      const onExit = (): void => settle(null);
      this.child.on('message', listen).once('exit', onExit);
      this.child.send({ ...command, number });
    });
  }
}

/** Starts writers on one database; they are one bundled file, because many are killed. */
export class Writers {
  private readonly all: Writer[] = [];

  private constructor(
    private readonly program: string,
    private readonly folder: string,
    private readonly database: TestDatabase,
    private readonly workspaceId: string,
    private readonly extra: Readonly<Record<string, string>>,
  ) {}

  /** `extra` may name another address of the database, and Redis. */
  static async open(database: TestDatabase, workspaceId: string, extra: Readonly<Record<string, string>> = {}): Promise<Writers> {
    const folder = await mkdtemp(join(tmpdir(), 'perch-writers-'));
    const program = join(folder, 'writer.cjs');
    const { bundleProgram } = (await import(BUNDLER)) as { bundleProgram(entry: string, outfile: string): Promise<object> };
    await bundleProgram(PROGRAM, program);
    return new Writers(program, folder, database, workspaceId, extra);
  }

  async start(): Promise<Writer> {
    const { PATH } = process.env;
    const writer = await Writer.start(this.program, this.workspaceId, {
      PATH, NODE_ENV: 'test', LOG_LEVEL: 'silent', DATABASE_URL: this.database.applicationUrl, PERCH_PUBLIC_URL: 'http://127.0.0.1:9', QSTASH_URL: 'http://127.0.0.1:9', QSTASH_TOKEN: 'nobody', ...this.extra,
    });
    this.all.push(writer);
    return writer;
  }

  /** Lets the claim of whoever runs the story run out, so that another may take over. */
  expire(id: string): Promise<object[]> {
    return this.database.query("UPDATE background_job SET lease_until = now() - interval '1 minute' WHERE id = $1", [id]);
  }

  /** Numbers of the stored events, in order. */
  async stored(id: string): Promise<number[]> {
    return (await this.database.query<{ sequence: number }>('SELECT sequence::int AS sequence FROM run_event WHERE background_job_id = $1 ORDER BY sequence', [id])).map(({ sequence }) => sequence);
  }

  async close(): Promise<void> {
    await Promise.all(this.all.map((writer) => writer.kill()));
    await rm(this.folder, { recursive: true, force: true });
  }
}
