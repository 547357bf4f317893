import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface StoredObject {
  readonly content: Buffer;
  readonly contentType: string;
  readonly sha256: string | null;
  readonly modifiedAt: Date;
}

export interface Received {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** What a refusal is answered with. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
  ) {
    super(code);
  }
}

/** A server on the loopback that keeps objects in memory. */
export abstract class ObjectServer {
  readonly objects = new Map<string, StoredObject>();
  /** Failures to answer next with, before anything is looked at. */
  readonly failures: number[] = [];
  readonly received: Received[] = [];
  private readonly server: Server = createServer((request, response) => void this.serve(request, response));

  constructor(protected readonly now: () => Date) {}

  async start(): Promise<void> {
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((done) => void this.server.close(() => done()));
  }

  damage(path: string): void {
    const object = this.objects.get(path)!;
    const content = Buffer.from(object.content);
    content[0]! ^= 1;
    this.objects.set(path, { ...object, content, sha256: null });
  }

  protected get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  protected abstract answer(received: Received, response: ServerResponse): void;
  protected abstract refuse(refusal: Refusal, response: ServerResponse): void;

  /** Sends an object or the range of it that is asked for. */
  protected sendObject({ content, contentType, modifiedAt }: StoredObject, { method, headers }: Received, response: ServerResponse, extra: Record<string, string> = {}): void {
    const range = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '');
    const part = range ? content.subarray(Number(range[1]), Number(range[2]) + 1) : content;
    response.writeHead(range ? 206 : 200, { 'content-type': contentType, 'content-length': part.length, 'last-modified': modifiedAt.toUTCString(), ...extra });
    response.end(method === 'HEAD' ? undefined : part);
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const failure = this.failures.shift();
      if (failure !== undefined) throw new Refusal(failure, 'InternalError');
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const received = { method: request.method!, url: new URL(request.url!, this.origin), headers: request.headers, body: Buffer.concat(chunks) };
      this.received.push(received);
      this.answer(received, response);
    } catch (error) {
      if (error instanceof Refusal) this.refuse(error, response);
      else response.destroy();
    }
  }
}
