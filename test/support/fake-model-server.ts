import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { googleDialect, openAiDialect, type Dialect, type FakeUsage, type ModelBody } from './fake-model-dialects.js';

/** How the server answers one request. */
export type FakeAnswer =
  | {
    readonly text: string;
    /** Null: the stream ends without saying why. */
    readonly finish?: 'stop' | 'length' | 'content-filter' | null;
    readonly usage?: FakeUsage | null;
    /** Milliseconds before the first piece and between two. */
    readonly first?: number;
    readonly between?: number;
    /** Breaks the connection off after so many pieces. */
    readonly cutAfter?: number;
    /** Begins with the prefill again, as some models do. */
    readonly echo?: boolean;
  }
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly message?: string; readonly code?: string }
  /** An event stream of these very lines. */
  | { readonly lines: readonly string[] }
  | 'drop';

export interface ReceivedCall {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: ModelBody;
  /** When it came, as `performance.now()` counts. */
  readonly at: number;
  /** Whether the caller hung up before the answer was whole. */
  hungUp: boolean;
}

async function readBody(request: IncomingMessage): Promise<ModelBody> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return JSON.parse(text) as ModelBody;
}

/** A real HTTP server on loopback that speaks the protocols of language models and answers as it is told. */
export class FakeModelServer {
  readonly received: ReceivedCall[] = [];
  /** Answers to the next requests. */
  readonly answers: FakeAnswer[] = [];
  /** Answers what `answers` has nothing for. */
  otherwise: (call: ReceivedCall) => FakeAnswer = () => ({ status: 418, message: 'The test has no answer for this.' });
  private readonly server: Server = createServer((request, response) => void this.handle(request, response).catch(() => response.destroy()));

  async start(): Promise<void> {
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
  }

  /** What PERCH_MODEL_BASE_URL would be. */
  get baseUrl(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((done) => this.server.close(() => done()));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call: ReceivedCall = { path: request.url ?? '', headers: request.headers, body: await readBody(request), at: performance.now(), hungUp: false };
    this.received.push(call);
    response.once('close', () => (call.hungUp = !response.writableFinished));
    const dialect = call.path.includes(':streamGenerateContent') ? googleDialect : openAiDialect;
    const answer = this.answers.shift() ?? this.otherwise(call);
    if (answer === 'drop') response.destroy();
    else if ('status' in answer) response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers }).end(dialect.error(answer.status, answer.message ?? 'No.', answer.code));
    else await this.stream(response, dialect, answer, call.body);
  }

  private async stream(response: ServerResponse, dialect: Dialect, answer: Exclude<FakeAnswer, string | { readonly status: number }>, body: ModelBody): Promise<void> {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.flushHeaders();
    const send = (data: string): void => void response.write(`data: ${data}\n\n`);
    if ('lines' in answer) {
      answer.lines.forEach(send);
      return void response.end();
    }
    const { text, finish = 'stop', usage = { input: 12, cached: 4, output: 7 }, first = 0, between = 0, cutAfter = Infinity, echo = false } = answer;
    const prefill = dialect.prefillOf(body);
    const pieces = (echo || !text.startsWith(prefill) ? text : text.slice(prefill.length)).match(/[\s\S]{1,6}/g) ?? [];
    for (const [index, piece] of pieces.entries()) {
      if (index >= cutAfter) return void response.destroy();
      const delay = index === 0 ? first : between;
      if (delay > 0) await pause(delay, undefined, { signal: gone.signal });
      send(dialect.piece(piece));
      // Each piece travels by itself, and a cut comes after it.
      await pause(1, undefined, { signal: gone.signal });
    }
    if (pieces.length >= cutAfter) return void response.destroy();
    dialect.end(finish, usage).forEach(send);
    response.end();
  }
}
