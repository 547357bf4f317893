import { createHash } from 'node:crypto';
import { ContractError } from './contract-error.js';
import { requireDuration } from './duration.js';

const YEAR_MS = 366 * 86_400_000;
const MAX_RETRIES = 100;
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
const NOT_OFFERED = ['upstash-callback', 'upstash-failure-callback', 'upstash-retry-delay', 'upstash-flow-control-key', 'upstash-redact-fields'];

export type HeaderMap = Readonly<Record<string, readonly string[]>>;
export type ReadHeader = (name: string) => string | null;

/** What a publisher said about a message, read from its headers. */
export interface DeliverySettings {
  readonly method: string;
  readonly headers: HeaderMap;
  readonly maxRetries: number;
  readonly timeoutSeconds: number | null;
  readonly delayMs: number;
  readonly notBefore: Date | null;
  readonly label: string | null;
  readonly deduplicationId: string | null;
}

const canonical = (name: string): string => name.toLowerCase().replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());

function forwardedHeaders(headers: ReadonlyMap<string, string>): HeaderMap {
  const found: Record<string, string[]> = {};
  const all = headers.get('upstash-header-forward') === 'true';
  for (const [name, value] of headers) {
    if (name.startsWith('upstash-forward-')) found[canonical(name.slice('upstash-forward-'.length))] = [value];
    else if (name === 'content-type') found['Content-Type'] = [value];
    else if (all && !name.startsWith('upstash-') && !['host', 'authorization', 'content-length', 'connection', 'transfer-encoding'].includes(name)) found[canonical(name)] = [value];
  }
  return found;
}

function readNotBefore(text: string | undefined): Date | null {
  if (text === undefined) return null;
  const seconds = Number(text);
  if (!Number.isFinite(seconds) || seconds < 0) throw new ContractError(400, 'Upstash-Not-Before must be a time in seconds since 1970');
  if (seconds * 1_000 > Date.now() + YEAR_MS) throw new ContractError(412, 'Upstash-Not-Before is more than a year away');
  return new Date(seconds * 1_000);
}

function readRetries(text: string | undefined): number {
  if (text === undefined) return 3;
  const retries = Number(text);
  if (!/^\d+$/.test(text.trim())) throw new ContractError(400, 'Upstash-Retries must be a whole number');
  if (retries > MAX_RETRIES) throw new ContractError(412, `Upstash-Retries may be at most ${MAX_RETRIES}`);
  return retries;
}

function contentHash(destination: string, body: Buffer, headers: HeaderMap): string {
  const sorted = Object.entries(headers).sort(([a], [b]) => (a < b ? -1 : 1));
  return `content-${createHash('sha256').update(JSON.stringify([destination, sorted])).update(body).digest('hex')}`;
}

/** Reads the headers of a publish, enqueue, schedule or batch item. Throws 400 or 412 as the vendor does, and 501 for what is not offered. */
export function readSettings(headers: ReadonlyMap<string, string>, destination: string, body: Buffer): DeliverySettings {
  const missing = NOT_OFFERED.find((name) => headers.has(name));
  if (missing) throw new ContractError(501, `${canonical(missing)} is not offered by this server`);
  const method = (headers.get('upstash-method') ?? 'POST').toUpperCase();
  if (!METHODS.includes(method)) throw new ContractError(400, `${method} is not a method that can be delivered`);
  const delay = headers.get('upstash-delay');
  const delayMs = delay === undefined ? 0 : requireDuration(delay, 'Upstash-Delay');
  if (delayMs > YEAR_MS) throw new ContractError(412, 'Upstash-Delay is longer than a year');
  const timeout = headers.get('upstash-timeout');
  const forwarded = forwardedHeaders(headers);
  const byContent = headers.get('upstash-content-based-deduplication') === 'true';
  return {
    method, headers: forwarded, delayMs,
    maxRetries: readRetries(headers.get('upstash-retries')),
    timeoutSeconds: timeout === undefined ? null : requireDuration(/^\d+$/.test(timeout) ? `${timeout}s` : timeout, 'Upstash-Timeout') / 1_000,
    notBefore: readNotBefore(headers.get('upstash-not-before')),
    label: headers.get('upstash-label') ?? null,
    deduplicationId: headers.get('upstash-deduplication-id') ?? (byContent ? contentHash(destination, body, forwarded) : null),
  };
}
