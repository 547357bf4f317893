import { lookup } from 'node:dns';
import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { bareHost, isLoopbackHost, isPublicAddress, NotPublicError, publicLookup, type Resolve } from '../../common/public-address.js';
import { OutboundError } from './outbound-error.js';

const DEFAULT_LIMIT_MS = 15_000;
/** Whoever has sent a status and then trickles is not waited for. */
const BODY_LIMIT_MS = 2_000;
const BODY_LIMIT_BYTES = 1_024;

export interface OutboundPost {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The answer with the first bytes of its body; a redirect is an answer like any other. */
export interface OutboundAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly beginning: Buffer;
}

export interface OutboundOptions {
  /** Origins, like `http://127.0.0.1:4000`, that are reached although they are not public. */
  readonly allowedOrigins: readonly string[];
  /** Milliseconds for everything up to the status, 15,000 unless told. */
  readonly limit?: number;
  readonly resolve?: Resolve;
  readonly agent?: (secure: boolean) => HttpAgent;
}

const refused = (message: string): OutboundError => new OutboundError('TARGET_REFUSED', message);

/** Sends requests to addresses that others chose: public ones only, decided at the connection, and no redirect is followed. */
export class OutboundHttp {
  private readonly lookup: ReturnType<typeof publicLookup>;

  constructor(private readonly options: OutboundOptions) {
    this.lookup = publicLookup(options.resolve ?? (lookup as Resolve));
  }

  /** The address, where it may be a target as far as its text tells. Throws TARGET_REFUSED. */
  check(text: string): URL {
    if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) throw refused('The address must begin with https:// or http://.');
    const url = new URL(text);
    if (url.username + url.password !== '') throw refused('The address must not hold a user name or password.');
    const host = bareHost(url.hostname);
    const isClosed = isLoopbackHost(host) || (isIP(host) !== 0 && !isPublicAddress(host));
    if (isClosed && !this.isAllowed(url)) throw refused(`${url.host} is not an address of the public internet.`);
    return url;
  }

  /** Posts once. Throws OutboundError where there was no answer in time, or the target is refused. */
  post({ url: text, headers, body }: OutboundPost): Promise<OutboundAnswer> {
    return new Promise((done, fail) => {
      const url = this.check(text);
      const secure = url.protocol === 'https:';
      const agent = this.options.agent?.(secure) ?? (secure ? new HttpsAgent() : new HttpAgent());
      const request = (secure ? httpsRequest : httpRequest)(url, {
        method: 'POST', agent, headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) }, ...(this.isAllowed(url) ? {} : { lookup: this.lookup }),
      });
      settle(request, this.options.limit ?? DEFAULT_LIMIT_MS, done, fail);
      request.end(body);
    });
  }

  /** Whether the operator of this installation opened the address, public or not. */
  isAllowed(url: URL): boolean {
    return this.options.allowedOrigins.includes(url.origin);
  }
}

function failureOf(error: Error, late: boolean, limit: number): OutboundError {
  if (error instanceof NotPublicError) return refused(`${error.message}.`);
  if (late) return new OutboundError('TIMED_OUT', `There was no answer within ${limit / 1_000} seconds.`);
  return new OutboundError('UNREACHABLE', 'The address could not be reached.');
}

function settle(request: ClientRequest, limit: number, done: (answer: OutboundAnswer) => void, fail: (error: OutboundError) => void): void {
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    request.destroy();
  }, limit);
  request.on('error', (error: Error) => {
    clearTimeout(timer);
    fail(failureOf(error, late, limit));
  });
  request.once('response', (response) => {
    clearTimeout(timer);
    readBeginning(response, (beginning) => {
      done({ status: response.statusCode ?? 0, headers: response.headers, beginning });
      request.destroy();
    });
  });
}

/** Reads up to a bound of bytes and time, and no further. */
function readBeginning(response: IncomingMessage, done: (beginning: Buffer) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  const end = (): void => {
    clearTimeout(timer);
    done(Buffer.concat(chunks).subarray(0, BODY_LIMIT_BYTES));
  };
  const timer = setTimeout(end, BODY_LIMIT_MS);
  response.on('data', (chunk: Buffer) => {
    if (size >= BODY_LIMIT_BYTES) return;
    size += chunk.length;
    chunks.push(chunk);
    if (size >= BODY_LIMIT_BYTES) end();
  });
  response.once('end', end);
  response.once('error', end);
}
