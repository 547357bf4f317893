import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface PublishedCall {
  readonly destination: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: { readonly jobId?: string; readonly wake?: number; readonly drain?: true };
}

/** Accepts as QStash does, refuses, answers nothing, or accepts and lets the answer come too late. */
export type StubMood = 'accepts' | 'refuses' | 'hangs' | 'answers late';

/** Stands where QStash stands and only writes down what is published to it, so that a test decides what is delivered. */
export class StubQStash {
  readonly calls: PublishedCall[] = [];
  mood: StubMood = 'accepts';
  private readonly held: ServerResponse[] = [];

  private constructor(private readonly server: Server) {}

  static async open(): Promise<StubQStash> {
    const server = createServer();
    const stub = new StubQStash(server);
    server.on('request', (request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString())).on('end', () => stub.answer(text, response));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return stub;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The calls for one job, in the order of publishing. */
  callsFor(jobId: string): PublishedCall[] {
    return this.calls.filter(({ body }) => body.jobId === jobId);
  }

  get drains(): PublishedCall[] {
    return this.calls.filter(({ body }) => body.drain);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  private answer(text: string, response: ServerResponse): void {
    if (this.mood === 'refuses') return void response.writeHead(500).end('{"error":"down"}');
    if (this.mood === 'hangs') return void this.held.push(response);
    const items = JSON.parse(text) as { destination: string; headers: Record<string, string>; body: string }[];
    for (const { destination, headers, body } of items) this.calls.push({ destination, headers, body: JSON.parse(body) as PublishedCall['body'] });
    if (this.mood === 'answers late') return void this.held.push(response);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(items.map(({ destination }, index) => ({ messageId: `msg-${this.calls.length}-${index}`, url: destination }))));
  }
}
