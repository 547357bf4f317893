import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Bytes of the first message, which has no type: its length alone. */
const START_HEAD = 4;
const HEAD = 5;
/** A simple query, and the execution of a prepared one. */
const STATEMENTS = new Set(['Q', 'E']);

/** Counts the statements of one connection by PostgreSQL's frontend messages: a type, the length of the rest, the rest. */
class FrontendReader {
  private rest = Buffer.alloc(0);
  private started = false;

  constructor(private readonly onStatement: () => void) {}

  take(chunk: Buffer): void {
    this.rest = Buffer.concat([this.rest, chunk]);
    for (;;) {
      const head = this.started ? HEAD : START_HEAD;
      if (this.rest.length < head) return;
      const length = this.rest.readInt32BE(head - 4) + head - 4;
      if (this.rest.length < length) return;
      if (this.started && STATEMENTS.has(String.fromCharCode(this.rest[0]!))) this.onStatement();
      this.started = true;
      this.rest = this.rest.subarray(length);
    }
  }
}

/** Stands between Perch and its database and counts what is asked. */
export class StatementCounter {
  count = 0;
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server, readonly url: string) {}

  static async before(databaseUrl: string): Promise<StatementCounter> {
    const target = new URL(databaseUrl);
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const own = new URL(databaseUrl);
    own.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const counter = new StatementCounter(server, own.href);
    server.on('connection', (client) => counter.relay(client, connect(Number(target.port), target.hostname)));
    return counter;
  }

  /** The statements that were sent while the work went on. */
  async during(work: () => Promise<unknown>): Promise<number> {
    const before = this.count;
    await work();
    return this.count - before;
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
  }

  private relay(client: Socket, upstream: Socket): void {
    const reader = new FrontendReader(() => (this.count += 1));
    client.on('data', (chunk: Buffer) => {
      reader.take(chunk);
      upstream.write(chunk);
    });
    upstream.on('data', (chunk: Buffer) => client.write(chunk));
    for (const [one, other] of [[client, upstream], [upstream, client]] as const) {
      this.sockets.add(one);
      one.on('error', () => other.destroy()).on('close', () => {
        this.sockets.delete(one);
        other.destroy();
      });
    }
  }
}
