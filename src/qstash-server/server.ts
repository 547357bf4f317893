import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { ContractError } from './contract-error.js';
import { Dispatcher } from './dispatcher.js';
import { route, type Reply } from './routes.js';
import { ensureSchema } from './schema.js';
import { readKeys } from './signature.js';

const BODY_LIMIT = 10_485_760;
const CLEAN_UP_MS = 60_000;
const CLEAN_UP = `
DELETE FROM qstash.message WHERE (state IN ('delivered', 'cancelled') AND finished_at < now() - interval '1 hour') OR (state = 'dead' AND finished_at < now() - interval '30 days');
DELETE FROM qstash.deduplication WHERE expires_at < now();`;

export interface QStashOptions {
  readonly databaseUrl: string;
  /** 0 means any free port. */
  readonly port: number;
  /** Origins that messages may go to, like http://127.0.0.1:3000. */
  readonly allowedOrigins: readonly string[];
}

export interface RunningQStash {
  readonly url: string;
  readonly token: string;
  readonly currentSigningKey: string;
  readonly nextSigningKey: string;
  stop(): Promise<void>;
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_LIMIT) throw new ContractError(413, 'the message is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function headerMap(request: IncomingMessage): Map<string, string> {
  const entries = Object.entries(request.headers).filter(([, value]) => value !== undefined);
  return new Map(entries.map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value!]));
}

/** The HTTP side of one server: token, body, route, error form. */
class Front {
  constructor(
    private readonly pool: pg.Pool,
    private readonly token: string,
    private readonly allowedOrigins: readonly string[],
  ) {}

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, body } = await this.answer(request).catch((error: unknown): Reply => {
      if (error instanceof ContractError) return { status: error.status, body: { error: error.message } };
      process.stderr.write(`qstash-server: ${(error as Error).message}\n`);
      return { status: 500, body: { error: 'internal error' } };
    });
    response.writeHead(status, { 'content-type': 'application/json', ...(request.complete ? {} : { connection: 'close' }) });
    response.end(body === undefined ? '' : JSON.stringify(body));
  }

  private async answer(request: IncomingMessage): Promise<Reply> {
    const target = request.url ?? '/';
    const query = new URLSearchParams(target.split('?').slice(1).join('?'));
    const headers = headerMap(request);
    const given = /^Bearer (.+)$/i.exec(headers.get('authorization') ?? '')?.[1] ?? query.get('qstash_token') ?? '';
    if (!timingSafeEqual(digest(given), digest(this.token))) throw new ContractError(401, 'unauthorized: the token is missing or wrong');
    if (!target.startsWith('/v2/')) throw new ContractError(404, 'not found');
    const body = await readBody(request);
    return route(request.method ?? 'GET', target.slice('/v2/'.length), { pool: this.pool, allowedOrigins: this.allowedOrigins, headers, query, body });
  }
}

/** Listens for NOTIFY on a connection of its own and opens it again when it breaks; the poll covers the gap. */
class Listener {
  private client: pg.Client | null = null;
  private stopped = false;

  constructor(
    private readonly databaseUrl: string,
    private readonly onNotify: () => void,
  ) {}

  async open(): Promise<void> {
    if (this.stopped) return;
    const client = new pg.Client({ connectionString: this.databaseUrl, application_name: 'qstash-server' });
    const again = (): void => {
      client.removeAllListeners();
      client.on('error', () => undefined);
      if (!this.stopped) setTimeout(() => void this.open(), 1_000).unref();
    };
    client.on('notification', this.onNotify).once('error', again).once('end', again);
    this.client = client;
    await client.connect().then(() => client.query('LISTEN qstash_due')).catch(again);
  }

  async close(): Promise<void> {
    this.stopped = true;
    this.client?.removeAllListeners().on('error', () => undefined);
    await this.client?.end().catch(() => undefined);
  }
}

const listen = (server: Server, port: number): Promise<void> =>
  new Promise((done, fail) => server.once('error', fail).listen(port, '127.0.0.1', done));

/** Starts a server on loopback. Everything it knows is in the database, so that another process can go on where it stopped. */
export async function startQStashServer({ databaseUrl, port, allowedOrigins }: QStashOptions): Promise<RunningQStash> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 10, application_name: 'qstash-server' });
  pool.on('error', () => undefined);
  await ensureSchema(pool);
  const keys = await readKeys(pool);
  const { rows } = await pool.query<{ value: string }>(`SELECT value FROM qstash.setting WHERE name = 'token'`);
  const token = rows[0]!.value;
  const dispatcher = new Dispatcher(pool);
  const listener = new Listener(databaseUrl, () => dispatcher.wake());
  const front = new Front(pool, token, allowedOrigins);
  const server = createServer((request, response) => void front.handle(request, response));
  await listen(server, port);
  await listener.open();
  dispatcher.wake();
  const cleaning = setInterval(() => void pool.query(CLEAN_UP).catch(() => undefined), CLEAN_UP_MS);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, token, currentSigningKey: keys.current, nextSigningKey: keys.next,
    stop: async () => {
      clearInterval(cleaning);
      server.close();
      server.closeAllConnections();
      await dispatcher.stop();
      await listener.close();
      await pool.end();
    },
  };
}
