import { DiscoveryService } from '@nestjs/core';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';

/** A request as a door sees it, whichever process received it. */
export interface DoorRequest {
  readonly method: string;
  /** Path and query as they were sent. */
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  /** Address of the caller, for rate limits; taken from the proxy's header only where a proxy is trusted. */
  readonly ip: string;
  readonly requestId: string;
  /** The request itself, for doors that read the body as a stream. */
  readonly raw: IncomingMessage;
  /** Reads the whole body. Throws PAYLOAD_TOO_LARGE beyond the limit in bytes. */
  body(limit: number): Promise<Buffer>;
}

/** An answer that is sent while it comes about. */
export interface DoorStream {
  /** Milliseconds after which it is told to end. */
  readonly limit: number;
  /**
   * The parts, asked for as fast as the caller takes them. The signal is aborted when the caller has gone, the time is over
   * or the process ends: what is under way then comes to an end soon, with a last part where it has one.
   */
  parts(signal: AbortSignal): AsyncIterable<string>;
}

export interface DoorResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** A stream is sent as it comes; one that fails cuts the answer off. */
  readonly body?: string | Buffer | Readable;
  /** Instead of a body. */
  readonly stream?: DoorStream;
}

/** Marks a class as the answer to one path below /api; the name is that of the file in api/. */
export const HttpDoor = DiscoveryService.createDecorator<string>();

/** Answers requests of one path below /api. May throw DomainError, which becomes problem+json. */
export interface Door {
  handle(request: DoorRequest): Promise<DoorResponse>;
}

/** A JSON answer that no cache keeps. */
export const jsonResponse = (status: number, body: unknown, headers: Readonly<Record<string, string | readonly string[]>> = {}): DoorResponse => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers },
  body: JSON.stringify(body),
});

/** The part of the path below the door: `/api/auth/sign-in` is `sign-in` at the door `auth`; rewrites may send it as `?route=`. */
export function subPath(request: DoorRequest, door: string): string {
  const rest = new RegExp(`^/api/${door}/(.+?)/?$`).exec(request.url.pathname)?.[1];
  return rest ?? request.url.searchParams.get('route') ?? '';
}
