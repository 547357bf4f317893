import { Client } from '@upstash/qstash';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { startQStashServer, type QStashOptions, type RunningQStash } from '../../src/qstash-server/server.js';
import { eventually } from './eventually.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';

export interface Received {
  /** When it arrived, in ms since 1970. */
  readonly at: number;
  readonly path: string;
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Planned {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  /** The answer waits for this. */
  readonly after?: Promise<unknown>;
}

/** A destination that keeps what it gets and answers as it is told: by path where that is planned, else in turn, else 200. */
export class Destination {
  readonly received: Received[] = [];
  readonly byPath = new Map<string, Planned[]>();
  answers: Planned[] = [];
  underWay = 0;
  mostUnderWay = 0;
  private readonly server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => void (async () => {
      this.mostUnderWay = Math.max(this.mostUnderWay, ++this.underWay);
      this.received.push({ at: Date.now(), path: request.url!, method: request.method!, headers: request.headers, body: Buffer.concat(chunks).toString() });
      const { status, headers, body, after } = this.byPath.get(request.url!)?.shift() ?? this.answers.shift() ?? { status: 200 };
      await after;
      this.underWay--;
      response.writeHead(status, headers).end(body ?? 'answer');
    })());
  });

  async open(): Promise<this> {
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
    return this;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get paths(): string[] {
    return this.received.map(({ path }) => path);
  }

  arrived(count: number): Promise<Received[]> {
    return eventually(`${count} deliveries arrived`, async () => this.received.length >= count && this.received);
  }

  reset(): void {
    this.received.length = 0;
    this.answers = [];
    this.byPath.clear();
    this.mostUnderWay = 0;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

/** A promise and what resolves it. */
export function gate(): { opened: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((done) => (open = done));
  return { opened, open };
}

/** One server in this process on a database of its own, a client of the published SDK and a destination. */
export class QStashBench {
  private constructor(
    readonly database: TestDatabase,
    readonly destination: Destination,
    readonly server: RunningQStash,
    readonly client: Client,
  ) {}

  static async open(options: Partial<QStashOptions> = {}): Promise<QStashBench> {
    const database = await createTestDatabase('template0');
    const destination = await new Destination().open();
    const server = await startQStashServer({ databaseUrl: database.ownerUrl, port: 0, allowedOrigins: [destination.origin], ...options });
    return new QStashBench(database, destination, server, clientOf(server));
  }

  /** A call that the SDK does not know. */
  async call(method: string, path: string, body?: string, headers: Record<string, string> = {}): Promise<{ status: number; body: unknown }> {
    const response = await fetch(`${this.server.url}${path}`, { method, body, headers: { authorization: `Bearer ${this.server.token}`, ...headers } });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) as unknown };
  }

  /** Makes a waiting message due, as if its time had come. */
  async makeDue(messageId: string): Promise<void> {
    await this.database.query(`UPDATE qstash.message SET attempt_at = now() WHERE id = $1`, [messageId]);
    await this.database.query(`SELECT pg_notify('qstash_due', '')`);
  }

  /** Seconds until a message that was tried `retried` times is tried again. */
  secondsUntilRetry(messageId: string, retried: number): Promise<number> {
    return eventually(`retry ${retried} is arranged`, async () => {
      const [row] = await this.database.query<{ seconds: number }>(
        `SELECT extract(epoch FROM attempt_at - now())::float8 AS seconds FROM qstash.message WHERE id = $1 AND retried = $2 AND state = 'waiting' AND lease_token IS NULL`, [messageId, retried]);
      return row ? row.seconds + 0.0001 : null;
    });
  }

  /** Waits until the message is in this state of its row. */
  ended(messageId: string, state: string): Promise<boolean> {
    return eventually(`${messageId} is ${state}`, async () => (await this.database.query('SELECT 1 FROM qstash.message WHERE id = $1 AND state = $2', [messageId, state])).length === 1);
  }

  async close(): Promise<void> {
    await this.server.stop();
    this.destination.close();
    await this.database.drop();
  }
}

export const clientOf = ({ url, token }: { url: string; token: string }): Client => new Client({ baseUrl: url, token, enableTelemetry: false, retry: false });

/** A server in a process of its own. */
export interface QStashProcess {
  readonly child: ChildProcess;
  readonly client: Client;
  kill(signal?: NodeJS.Signals): Promise<void>;
}

export async function startQStashProcess(databaseUrl: string, origin: string): Promise<QStashProcess> {
  const { PATH, HOME } = process.env;
  const child = fork(fileURLToPath(new URL('../../src/qstash-server/main.js', import.meta.url)), [], {
    execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'], env: { PATH, HOME, QSTASH_DATABASE_URL: databaseUrl, QSTASH_ALLOWED_ORIGINS: origin },
  });
  const [announced] = (await once(child, 'message')) as [{ url: string; token: string }];
  return {
    child, client: clientOf(announced),
    kill: async (signal = 'SIGKILL') => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill(signal);
      await gone;
    },
  };
}
