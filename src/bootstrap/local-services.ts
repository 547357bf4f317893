import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { childEnvironment, provideEnvironment, type Environment } from '../config/environment.js';
import { transportsOf } from '../config/job-transport.js';
import { migrateUp } from '../infrastructure/database/migrations.js';
import { ensureDatabase, startEmbeddedPostgres } from '../infrastructure/embedded-postgres/embedded-postgres.js';
import { localSecrets } from './local-secrets.js';
import { ownDataFolder } from './single-instance.js';

const QSTASH_START_LIMIT_MS = 20_000;

interface QStashAnnouncement {
  readonly url: string;
  readonly token: string;
  readonly currentSigningKey: string;
  readonly nextSigningKey: string;
}

async function startQStash(distribution: string, databaseUrl: string, publicUrl: string): Promise<{ child: ChildProcess; announced: QStashAnnouncement }> {
  const child = fork(join(distribution, 'src', 'qstash-server', 'main.js'), [], {
    env: childEnvironment({ QSTASH_DATABASE_URL: databaseUrl, QSTASH_PORT: '0', QSTASH_ALLOWED_ORIGINS: publicUrl }) as NodeJS.ProcessEnv,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    execArgv: [],
  });
  const announced = await new Promise<QStashAnnouncement>((done, fail) => {
    const timer = setTimeout(() => fail(new Error('The local QStash server did not start.')), QSTASH_START_LIMIT_MS);
    child.once('message', (message) => done(message as QStashAnnouncement));
    child.once('exit', (code) => fail(new Error(`The local QStash server ended with ${code}.`)));
    child.once('error', fail);
    child.once('message', () => clearTimeout(timer));
  });
  return { child, announced };
}

function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((done) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
    child.once('exit', () => {
      clearTimeout(timer);
      done();
    });
    child.kill('SIGTERM');
  });
}

/**
 * What the environment does not name: a PostgreSQL in the data folder and, where jobs travel by QStash, a server for it beside
 * this process. What is named is left alone. Can be stopped at any moment, also while it starts.
 */
export class LocalServices {
  private readonly stops: (() => Promise<void>)[] = [];
  private starting: Promise<void> = Promise.resolve();
  private stopped = false;

  /** Starts them and puts their addresses into the environment. Throws what is missing, after it stopped what it had started. */
  start(environment: Environment, distribution: string, publicUrl: string): Promise<void> {
    this.starting = this.startAll(environment, distribution, publicUrl).catch(async (error: unknown) => {
      await this.stopAll();
      throw error;
    });
    return this.starting;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.starting.catch(() => undefined);
    await this.stopAll();
  }

  private async startAll(environment: Environment, distribution: string, publicUrl: string): Promise<void> {
    this.stops.push(await ownDataFolder(environment.dataDirectory));
    const secrets = await localSecrets(environment.dataDirectory);
    provideEnvironment({ PERCH_SECRET: secrets.secret, CRON_SECRET: secrets.cronSecret, PERCH_PUBLIC_URL: publicUrl });
    const qstashDatabase = environment.databaseUrl === null
      ? await this.startDatabase(environment, distribution, secrets.databasePassword)
      : environment.directUrl;
    // While nothing is to be written there is nothing to deliver.
    if (environment.readOnly || environment.qstashToken !== null || !transportsOf(environment.jobTransport).has('qstash')) return;
    if (qstashDatabase === null) throw new Error('Set QSTASH_TOKEN, or DIRECT_URL for the local QStash server to keep its messages in.');
    this.refuseWhenStopped();
    const { child, announced } = await startQStash(distribution, qstashDatabase, environment.publicUrl ?? publicUrl);
    this.stops.push(() => stopChild(child));
    provideEnvironment({
      QSTASH_URL: announced.url, QSTASH_TOKEN: announced.token,
      QSTASH_CURRENT_SIGNING_KEY: announced.currentSigningKey, QSTASH_NEXT_SIGNING_KEY: announced.nextSigningKey,
    });
    this.refuseWhenStopped();
  }

  /** The address of the QStash server's database. */
  private async startDatabase(environment: Environment, distribution: string, password: string): Promise<string> {
    const server = await startEmbeddedPostgres(environment.dataDirectory);
    this.stops.push(() => server.stop());
    this.refuseWhenStopped();
    await ensureDatabase(server, 'perch');
    await ensureDatabase(server, 'qstash');
    const applicationUrl = `postgresql://perch_web:${password}@127.0.0.1:${server.port}/perch`;
    await migrateUp(server.ownerUrl('perch'), applicationUrl, join(distribution, 'migrations'));
    provideEnvironment({ DATABASE_URL: applicationUrl, DIRECT_URL: server.ownerUrl('perch'), DATABASE_PREPARES: 'true' });
    return server.ownerUrl('qstash');
  }

  private refuseWhenStopped(): void {
    if (this.stopped) throw new Error('Perch was stopped while it started.');
  }

  private async stopAll(): Promise<void> {
    for (const step of this.stops.splice(0).reverse()) await step();
  }
}
