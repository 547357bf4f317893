import { fork, type ChildProcess } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/infrastructure/embedded-postgres/embedded-postgres.js';
import { freePort } from '../support/programs.js';

/** A process that is killed now and then and comes back at the same port. */
export class RestlessProcess {
  private child: ChildProcess | null = null;
  private wanted = true;
  private ready = false;
  kills = 0;

  private constructor(
    private readonly program: string,
    private readonly environment: Readonly<Record<string, string>>,
    readonly port: number,
  ) {}

  /** `environment` is made for the port that the process has to listen on. */
  static async start(program: string, environment: (port: number) => Readonly<Record<string, string>>): Promise<RestlessProcess> {
    const port = await freePort();
    const started = new RestlessProcess(program, environment(port), port);
    started.launch();
    return started;
  }

  get isReady(): boolean {
    return this.ready;
  }

  async kill(): Promise<void> {
    this.kills += 1;
    this.child?.kill('SIGKILL');
  }

  async stop(): Promise<void> {
    this.wanted = false;
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((done) => child.once('exit', done));
    child.kill('SIGKILL');
    await gone;
  }

  private launch(): void {
    const { PATH } = process.env;
    this.child = fork(this.program, [], { execArgv: [], env: { PATH, ...this.environment }, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    this.child.once('message', () => (this.ready = true));
    this.child.once('exit', () => {
      this.ready = false;
      if (this.wanted) setTimeout(() => this.wanted && this.launch(), 50);
    });
  }
}

/** A PostgreSQL of its own that is brought down as by a power cut and comes back at the same port. */
export class RestlessDatabase {
  restarts = 0;

  private constructor(
    private server: EmbeddedPostgres,
    readonly folder: string,
  ) {}

  static async start(folder: string): Promise<RestlessDatabase> {
    return new RestlessDatabase(await startEmbeddedPostgres(folder, await freePort()), folder);
  }

  get running(): EmbeddedPostgres {
    return this.server;
  }

  async crash(): Promise<void> {
    this.restarts += 1;
    const lock = join(this.folder, 'postgres', 'postmaster.pid');
    process.kill(Number((await readFile(lock, 'utf8')).split('\n')[0]), 'SIGQUIT');
    while (await readFile(lock, 'utf8').then(() => true, () => false)) await pause(20);
    this.server = await startEmbeddedPostgres(this.folder, this.server.port);
  }

  async stop(): Promise<void> {
    await this.server.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}
