import type { Context } from './context.js';
import { ContractError } from './contract-error.js';

/** One HTTP call, as the routes see it. */
export interface Call {
  readonly context: Context;
  /** Names in lower case; settings may also come as a query like ?upstash-retries=3. */
  readonly headers: ReadonlyMap<string, string>;
  readonly query: URLSearchParams;
  readonly body: Buffer;
  readonly callerIp: string;
  /** A group of the route's pattern, decoded unless the rest of the path is raw text. */
  readonly part: (index: number) => string;
}

export interface Reply {
  readonly status: number;
  readonly body?: unknown;
}

export type Route = readonly [method: string, pattern: RegExp, handle: (call: Call) => Promise<Reply>];

export const reply = async (status: number, work: Promise<unknown>): Promise<Reply> => {
  const body = await work;
  return { status, ...(body === undefined ? {} : { body }) };
};

/** As `reply`, for what may make messages due. */
export const replyAndWake = async ({ context }: Call, work: Promise<unknown>): Promise<Reply> => {
  const answer = await reply(200, work);
  context.wake();
  return answer;
};

/** A part of the path, decoded. Throws 400. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ContractError(400, 'the path is not well encoded');
  }
}

/** Throws 400. */
export function jsonBody({ body }: Call): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new ContractError(400, 'the body is not JSON');
  }
}

/** Throws 400. */
export function jsonObject(call: Call): Record<string, unknown> {
  const body = jsonBody(call);
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new ContractError(400, 'the body must be a JSON object');
  return body as Record<string, unknown>;
}
