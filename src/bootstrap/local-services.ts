import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { childEnvironment, provideEnvironment, type Environment } from '../config/environment.js';
import { migrateUp } from '../infrastructure/database/migrations.js';
import { ensureDatabase, startEmbeddedPostgres, type EmbeddedPostgres } from '../infrastructure/embedded-postgres/embedded-postgres.js';
import { localSecrets } from './local-secrets.js';
import { ownDataFolder } from './single-instance.js';

const QSTASH_START_LIMIT_MS = 20_000;

export interface LocalServices {
  stop(): Promise<void>;
}

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

async function startDatabase(environment: Environment, distribution: string, password: string): Promise<{ server: EmbeddedPostgres; qstashUrl: string }> {
  const server = await startEmbeddedPostgres(environment.dataDirectory);
  await ensureDatabase(server, 'perch');
  await ensureDatabase(server, 'qstash');
  const applicationUrl = `postgresql://perch_web:${password}@127.0.0.1:${server.port}/perch`;
  await migrateUp(server.ownerUrl('perch'), applicationUrl, join(distribution, 'migrations'));
  provideEnvironment({ DATABASE_URL: applicationUrl, DIRECT_URL: server.ownerUrl('perch') });
  return { server, qstashUrl: server.ownerUrl('qstash') };
}

/**
 * Starts what the environment does not name: a PostgreSQL in the data folder and a QStash server beside this process, and
 * puts their addresses into the environment. What is named is left alone.
 */
export async function startLocalServices(environment: Environment, distribution: string, publicUrl: string): Promise<LocalServices> {
  const release = await ownDataFolder(environment.dataDirectory);
  const stops: (() => Promise<void>)[] = [release];
  const stop = async (): Promise<void> => {
    for (const step of stops.splice(0).reverse()) await step();
  };
  try {
    const secrets = await localSecrets(environment.dataDirectory);
    provideEnvironment({ PERCH_SECRET: secrets.secret, CRON_SECRET: secrets.cronSecret, PERCH_PUBLIC_URL: publicUrl });
    let qstashDatabase = environment.directUrl;
    if (environment.databaseUrl === null) {
      const { server, qstashUrl } = await startDatabase(environment, distribution, secrets.databasePassword);
      stops.push(() => server.stop());
      qstashDatabase = qstashUrl;
    }
    if (environment.qstashToken === null) {
      if (qstashDatabase === null) throw new Error('Set QSTASH_TOKEN, or DIRECT_URL for the local QStash server to keep its messages in.');
      const { child, announced } = await startQStash(distribution, qstashDatabase, environment.publicUrl ?? publicUrl);
      stops.push(() => stopChild(child));
      provideEnvironment({
        QSTASH_URL: announced.url, QSTASH_TOKEN: announced.token,
        QSTASH_CURRENT_SIGNING_KEY: announced.currentSigningKey, QSTASH_NEXT_SIGNING_KEY: announced.nextSigningKey,
      });
    }
    return { stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
