import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { keepClean } from './clean-up.js';
import type { Context } from './context.js';
import { isLoopbackHost } from '../common/public-address.js';
import { DestinationPolicy } from './destination.js';
import { Dispatcher } from './dispatcher.js';
import { Front } from './front.js';
import { GatheredPublishes } from './gathered-publishes.js';
import { Announcer, Listener } from './notifications.js';
import { ensureSchema } from './schema.js';
import { CurrentKey, readKeys, type SigningKeys } from './signature.js';

const CALL_CONNECTIONS = 8;
const DISPATCH_CONNECTIONS = 4;
const MAX_HEADER_BYTES = 65_536;
/** Longer than callers rest between calls: one that reuses a connection just as it is closed fails. */
const KEEP_ALIVE_MS = 65_000;
/** What the vendor publishes for its development server; whoever reads the documentation knows them. */
const PUBLIC_SECRETS = ['eyJVc2VySUQiOiJkZWZhdWx0VXNlciIsIlBhc3N3b3JkIjoiZGVmYXVsdFBhc3N3b3JkIn0=', 'sig_7kYjw48mhY7kAjqNGcy6cr29RJ6r', 'sig_5ZB6DVzB1wjE8S6rZ7eenA8Pdnhs'];

export interface QStashOptions {
  readonly databaseUrl: string;
  /** 0 means any free port. */
  readonly port: number;
  /** Address to listen on; loopback unless said. */
  readonly host?: string;
  /** Origins in private ranges that messages may go to, like http://127.0.0.1:3000, or `loopback` or `private` for all of that kind. */
  readonly allowedOrigins: readonly string[];
  /** Replaces the stored token. */
  readonly token?: string | null;
  readonly readOnlyToken?: string | null;
  /** Signing keys for a database that has none yet. */
  readonly currentSigningKey?: string | null;
  readonly nextSigningKey?: string | null;
  /** For tests: where deliveries to other hosts than loopback go instead. */
  readonly sink?: string | null;
  readonly deduplicationSeconds?: number;
  /** Deliveries that this process has under way at most. */
  readonly parallelism?: number;
}

export interface RunningQStash {
  readonly url: string;
  readonly token: string;
  readonly currentSigningKey: string;
  readonly nextSigningKey: string;
  stop(): Promise<void>;
}

function readSink(sink: string | null | undefined): URL | null {
  if (!sink) return null;
  const url = new URL(sink);
  if (!isLoopbackHost(url.hostname)) throw new Error('QSTASH_SINK must be an address on loopback.');
  return url;
}

const listen = (server: Server, port: number, host: string): Promise<void> =>
  new Promise((done, fail) => server.once('error', fail).listen(port, host, () => done(void server.off('error', fail))));

async function readSecrets(pool: pg.Pool, host: string): Promise<SigningKeys & { token: string }> {
  const { rows } = await pool.query<{ value: string }>(`SELECT value FROM qstash.setting WHERE name = 'token'`);
  const secrets = { token: rows[0]!.value, ...(await readKeys(pool)) };
  if (!isLoopbackHost(host) && Object.values(secrets).some((secret) => PUBLIC_SECRETS.includes(secret))) {
    throw new Error(`The vendor's public token or signing keys are only allowed on loopback, not on ${host}.`);
  }
  return secrets;
}

function openPool(connectionString: string, max: number): pg.Pool {
  const pool = new pg.Pool({ connectionString, max, application_name: 'qstash-server' });
  pool.on('error', () => undefined);
  return pool;
}

/** Starts a server. Everything it knows is in the database, so that another process can go on where it stopped. Throws what is wrong with the options. */
export async function startQStashServer(options: QStashOptions): Promise<RunningQStash> {
  const { databaseUrl, host = '127.0.0.1' } = options;
  const pool = openPool(databaseUrl, CALL_CONNECTIONS);
  // Of its own, so that deliveries do not queue behind calls.
  const dispatchPool = openPool(databaseUrl, DISPATCH_CONNECTIONS);
  try {
    const destinations = new DestinationPolicy(options.allowedOrigins, readSink(options.sink));
    await ensureSchema(pool, { token: options.token ?? null, currentSigningKey: options.currentSigningKey ?? null, nextSigningKey: options.nextSigningKey ?? null });
    const { token, current, next } = await readSecrets(pool, host);
    const announcer = new Announcer(pool);
    const key = new CurrentKey(dispatchPool);
    const wake = (): void => {
      dispatcher.wake();
      announcer.announce();
    };
    const { deduplicationSeconds = 600, parallelism = 100 } = options;
    const context: Context = { pool, destinations, wake, forgetKey: () => key.forget(), deduplicationSeconds, parallelism, publishes: new GatheredPublishes(pool, deduplicationSeconds) };
    const dispatcher = new Dispatcher({ ...context, pool: dispatchPool }, key);
    const front = new Front(context, { token, readOnlyToken: options.readOnlyToken ?? null });
    const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES, keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => void front.handle(request, response));
    await listen(server, options.port, host);
    const stopped = await startWork(databaseUrl, pool, dispatcher);
    const shown = host.includes(':') ? `[${host}]` : host;
    return {
      url: `http://${shown}:${(server.address() as AddressInfo).port}`, token, currentSigningKey: current, nextSigningKey: next,
      stop: async () => {
        server.close();
        server.closeAllConnections();
        announcer.close();
        await stopped();
        await dispatchPool.end();
      },
    };
  } catch (error) {
    await Promise.all([pool.end(), dispatchPool.end()]);
    throw error;
  }
}

/** Starts what goes on beside the calls; returns what ends it and the pool. */
async function startWork(databaseUrl: string, pool: pg.Pool, dispatcher: Dispatcher): Promise<() => Promise<void>> {
  const listener = new Listener(databaseUrl, () => dispatcher.wake());
  await listener.open();
  dispatcher.start();
  const stopCleaning = keepClean(pool);
  return async () => {
    await dispatcher.stop();
    await stopCleaning();
    await listener.close();
    await pool.end();
  };
}
