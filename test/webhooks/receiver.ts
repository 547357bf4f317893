import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedMessage {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A server that takes messages, as somebody outside would run it. */
export class Receiver {
  readonly messages: ReceivedMessage[] = [];
  /** Connections that were opened to it. */
  connections = 0;
  /** How it answers; with 204 unless told. */
  answer: RequestListener = (_request, response) => response.writeHead(204).end();

  private constructor(private readonly server: Server) {}

  static async open(): Promise<Receiver> {
    const server = createServer();
    const receiver = new Receiver(server);
    server.on('connection', () => receiver.connections++);
    server.on('request', (request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        receiver.messages.push({ path: request.url!, headers: request.headers, body });
        receiver.answer(request, response);
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return receiver;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Answers with the statuses in order, and then with 204. */
  answerWith(...statuses: readonly number[]): void {
    const left = [...statuses];
    this.answer = (_request, response) => response.writeHead(left.shift() ?? 204).end('as it says');
  }

  /** What was received since the last call. */
  take(): ReceivedMessage[] {
    return this.messages.splice(0);
  }

  closeConnections(): void {
    this.server.closeAllConnections();
  }

  async close(): Promise<void> {
    this.closeConnections();
    await new Promise((done) => this.server.close(done));
  }
}
