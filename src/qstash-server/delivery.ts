import { randomUUID } from 'node:crypto';
import { lookup as resolve } from 'node:dns';
import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { publicLookup } from '../common/public-address.js';
import { completeSettings } from './delivery-settings.js';
import type { DestinationPolicy, Target } from './destination.js';
import { canonicalName } from './forwarded-headers.js';
import type { MessageRow } from './message-row.js';
import { sign } from './signature.js';

const RESPONSE_LIMIT = 1_000_000;
const DEFAULT_TIMEOUT_SECONDS = 900;
const REGION = 'US-EAST-1';
const lookup = publicLookup(resolve);
const AGENT = { keepAlive: true, maxSockets: Infinity, maxFreeSockets: 256, timeout: 0, scheduling: 'lifo' } as const;

/** What came of one attempt; status 0 where the destination did not answer. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string[]>>;
  readonly body: Buffer;
  readonly error: string | null;
  readonly header: (name: string) => string | null;
}

const unanswered = (error: string): Answer => ({ status: 0, headers: {}, body: Buffer.alloc(0), error, header: () => null });

function answerOf(response: IncomingMessage, body: Buffer): Answer {
  const headers = Object.fromEntries(Object.entries(response.headersDistinct).map(([name, values]) => [canonicalName(name), values ?? []]));
  return { status: response.statusCode ?? 0, headers, body, error: null, header: (name) => response.headersDistinct[name]?.[0] ?? null };
}

/** Sends messages over connections that are kept open. Never follows a redirect. */
export class DeliveryClient {
  private readonly agents = {
    http: { trusted: new HttpAgent(AGENT), strict: new HttpAgent({ ...AGENT, lookup } as ConstructorParameters<typeof HttpAgent>[0]) },
    https: { trusted: new HttpsAgent(AGENT), strict: new HttpsAgent({ ...AGENT, lookup } as ConstructorParameters<typeof HttpsAgent>[0]) },
  };

  constructor(private readonly destinations: DestinationPolicy) {}

  /** One attempt, signed with the key. Never throws: what went wrong is in the answer. */
  async deliver(message: MessageRow, key: string): Promise<Answer> {
    try {
      const target = this.destinations.target(message.url);
      return await this.attempt(message, key, target).catch((error: NodeJS.ErrnoException & { reused?: boolean }) => {
        // A kept connection that the other side had closed: nothing was received, so that the attempt begins again.
        if (error.reused) return this.attempt(message, key, target, true);
        throw error;
      });
    } catch (error) {
      return unanswered((error as Error).message || 'the destination did not answer');
    }
  }

  close(): void {
    for (const { trusted, strict } of Object.values(this.agents)) {
      trusted.destroy();
      strict.destroy();
    }
  }

  private attempt(message: MessageRow, key: string, { url, host, trusted }: Target, fresh = false): Promise<Answer> {
    const { method, timeoutSeconds } = completeSettings(message.settings);
    const body = method === 'GET' ? null : message.body;
    const headers = deliveryHeaders(message, key, host, body);
    const secure = url.protocol === 'https:';
    const agents = this.agents[secure ? 'https' : 'http'];
    const agent = fresh ? false : agents[trusted ? 'trusted' : 'strict'];
    const request = (secure ? httpsRequest : httpRequest)(url, { method, headers, agent, ...(fresh && !trusted ? { lookup } : {}) });
    return settled(request, body, (timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS) * 1_000);
  }
}

function deliveryHeaders(message: MessageRow, key: string, host: string, body: Buffer | null): OutgoingHttpHeaders {
  const settings = completeSettings(message.settings);
  const headers: OutgoingHttpHeaders = {};
  for (const [name, values] of Object.entries(settings.headers)) headers[name] = values.length === 1 ? values[0]! : [...values];
  return {
    ...headers, Host: host, 'User-Agent': 'Upstash-QStash', 'Upstash-Message-Id': message.id, 'Upstash-Retried': String(message.retried), 'Upstash-Caller-Ip': message.caller_ip,
    'Upstash-Region': REGION, 'Upstash-Signature': sign(key, message.url, body ?? Buffer.alloc(0), `jwt_${randomUUID()}`),
    ...(body === null ? {} : { 'Content-Length': String(body.length) }),
    ...(message.schedule_id === null ? {} : { 'Upstash-Schedule-Id': message.schedule_id }),
    ...(message.topic_name === null ? {} : { 'Upstash-Topic-Name': message.topic_name }),
    ...(message.queue_name === null ? {} : { 'Upstash-Queue-Name': message.queue_name }),
    ...(settings.labels.length === 0 ? {} : { 'Upstash-Label': settings.labels.join(',') }),
  };
}

function settled(request: ClientRequest, body: Buffer | null, timeoutMs: number): Promise<Answer> {
  return new Promise((done, fail) => {
    const timer = setTimeout(() => request.destroy(new Error(`the destination did not answer within ${timeoutMs / 1_000} seconds`)), timeoutMs);
    const end = (answer: Answer): void => {
      clearTimeout(timer);
      done(answer);
    };
    request.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      fail(Object.assign(error, { reused: request.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE') }));
    });
    request.once('response', (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        chunks.push(chunk);
        if (size <= RESPONSE_LIMIT) return;
        end(answerOf(response, Buffer.concat(chunks).subarray(0, RESPONSE_LIMIT)));
        response.destroy();
      });
      response.once('end', () => end(answerOf(response, Buffer.concat(chunks))));
      response.once('error', (error) => request.emit('error', error));
    });
    request.end(body ?? undefined);
  });
}
