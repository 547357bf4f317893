import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Reply } from './call.js';
import type { Context } from './context.js';
import { ContractError } from './contract-error.js';
import { route } from './routes.js';

const BODY_LIMIT = 104_857_600;

/** Who may do what: the token does everything, the read-only one asks. */
export interface Tokens {
  readonly token: string;
  readonly readOnlyToken: string | null;
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
const matches = (given: string, wanted: string | null): boolean => wanted !== null && timingSafeEqual(digest(given), digest(wanted));

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_LIMIT) throw new ContractError(413, `a call may have at most ${BODY_LIMIT} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The headers in lower case; what is said by the query, like ?upstash-retries=3, fills in what they do not say. */
function headerMap(request: IncomingMessage, query: URLSearchParams): Map<string, string> {
  const said = [...query].filter(([name]) => /^upstash-/i.test(name)).map(([name, value]): [string, string] => [name.toLowerCase(), value]);
  const entries = Object.entries(request.headers).filter(([, value]) => value !== undefined);
  return new Map([...said, ...entries.map(([name, value]): [string, string] => [name, Array.isArray(value) ? value.join(', ') : value!])]);
}

/** The HTTP side of one server: token, body, route, error form. */
export class Front {
  constructor(
    private readonly context: Context,
    private readonly tokens: Tokens,
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
    const headers = headerMap(request, query);
    const method = request.method ?? 'GET';
    this.authorize(method, /^Bearer (.+)$/i.exec(headers.get('authorization') ?? '')?.[1] ?? query.get('qstash_token') ?? '');
    if (!/^\/v2\//i.test(target)) throw new ContractError(404, 'not found');
    const body = await readBody(request);
    return route(method, target.slice('/v2/'.length), { context: this.context, headers, query, body, callerIp: request.socket.remoteAddress?.replace(/^::ffff:/, '') ?? '127.0.0.1' });
  }

  private authorize(method: string, given: string): void {
    if (matches(given, this.tokens.token)) return;
    if (!matches(given, this.tokens.readOnlyToken)) throw new ContractError(401, 'unauthorized: the token is missing or wrong');
    if (method !== 'GET') throw new ContractError(403, 'this token may only read');
  }
}
