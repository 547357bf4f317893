import { createHash } from 'node:crypto';
import { readCallbackSettings } from './callback-settings.js';
import { ContractError } from './contract-error.js';
import { requireDuration } from './duration.js';
import { readFlowSettings, type FlowSettings } from './flow-settings.js';
import { forwardedHeaders, type HeaderMap } from './forwarded-headers.js';
import { readRedaction } from './redaction.js';
import { checkRetryDelay } from './retry-delay.js';

const YEAR_MS = 366 * 86_400_000;
const MAX_RETRIES = 100;
const MAX_TIMEOUT_SECONDS = 7_200;
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** How a message is delivered; kept with it as one document. */
export interface DeliverySettings {
  readonly method: string;
  readonly headers: HeaderMap;
  readonly maxRetries: number;
  readonly timeoutSeconds: number | null;
  readonly retryDelay: string | null;
  readonly labels: readonly string[];
  readonly callback: string | null;
  readonly failureCallback: string | null;
  /** What the publisher said about the callbacks, as the end of the header's name in lower case. */
  readonly callbackHeaders: Readonly<Record<string, string>>;
  readonly failureCallbackHeaders: Readonly<Record<string, string>>;
  readonly flow: FlowSettings | null;
  readonly redact: readonly string[];
  readonly api: string | null;
}

/** When a message is delivered, and whether it is one at all. */
export interface PublishSettings {
  readonly delayMs: number;
  /** Seconds since 1970. */
  readonly notBefore: number | null;
  readonly deduplicationId: string | null;
}

const NOTHING_SAID: DeliverySettings = {
  method: 'POST', headers: {}, maxRetries: 3, timeoutSeconds: null, retryDelay: null, labels: [], callback: null, failureCallback: null,
  callbackHeaders: {}, failureCallbackHeaders: {}, flow: null, redact: [], api: null,
};

/** The stored document, with what older servers did not store. */
export const completeSettings = (stored: Partial<DeliverySettings>): DeliverySettings => ({ ...NOTHING_SAID, ...stored });

function readMethod(text: string | undefined): string {
  const method = (text ?? 'POST').toUpperCase();
  if (!METHODS.includes(method)) throw new ContractError(400, `${method.slice(0, 20)} is not a method that can be delivered`);
  return method;
}

function readRetries(text: string | undefined): number {
  if (text === undefined) return NOTHING_SAID.maxRetries;
  if (!/^\d+$/.test(text.trim())) throw new ContractError(400, 'Upstash-Retries must be a whole number');
  if (Number(text) > MAX_RETRIES) throw new ContractError(412, `Upstash-Retries may be at most ${MAX_RETRIES}`);
  return Number(text);
}

function readTimeout(text: string | undefined): number | null {
  if (text === undefined) return null;
  const seconds = requireDuration(/^\d+$/.test(text) ? `${text}s` : text, 'Upstash-Timeout') / 1_000;
  if (seconds > MAX_TIMEOUT_SECONDS) throw new ContractError(412, `Upstash-Timeout may be at most ${MAX_TIMEOUT_SECONDS} seconds`);
  return seconds > 0 ? seconds : null;
}

function readLabels(text: string | undefined): string[] {
  const labels = (text ?? '').split(',').map((label) => label.trim()).filter((label) => label !== '');
  if (labels.length > 20 || labels.some((label) => label.length > 200)) throw new ContractError(400, 'Upstash-Label may hold 20 labels of 200 characters');
  return labels;
}

function readDelay(text: string | undefined): number {
  const delay = text === undefined ? 0 : requireDuration(/^\d+$/.test(text) ? `${text}s` : text, 'Upstash-Delay');
  if (delay > YEAR_MS) throw new ContractError(412, 'Upstash-Delay is longer than a year');
  return delay;
}

function readNotBefore(text: string | undefined): number | null {
  if (text === undefined) return null;
  const seconds = Number(text);
  if (!Number.isFinite(seconds) || seconds < 0) throw new ContractError(400, 'Upstash-Not-Before must be a time in seconds since 1970');
  if (seconds * 1_000 > Date.now() + YEAR_MS) throw new ContractError(412, 'Upstash-Not-Before is more than a year away');
  return seconds;
}

/** Reads how to deliver from the headers of a publish, enqueue, schedule or batch item. Throws 400 or 412 as the vendor does. */
export function readDeliverySettings(headers: ReadonlyMap<string, string>, checkUrl: (url: string) => string): DeliverySettings {
  const delay = headers.get('upstash-retry-delay');
  const url = (name: string): string | null => (headers.has(name) ? checkUrl(headers.get(name)!) : null);
  return {
    method: readMethod(headers.get('upstash-method')), headers: forwardedHeaders(headers), maxRetries: readRetries(headers.get('upstash-retries')),
    timeoutSeconds: readTimeout(headers.get('upstash-timeout')), retryDelay: delay === undefined ? null : checkRetryDelay(delay),
    labels: readLabels(headers.get('upstash-label')), callback: url('upstash-callback'), failureCallback: url('upstash-failure-callback'),
    callbackHeaders: readCallbackSettings(headers, 'upstash-callback-'), failureCallbackHeaders: readCallbackSettings(headers, 'upstash-failure-callback-'),
    flow: readFlowSettings(headers.get('upstash-flow-control-key'), headers.get('upstash-flow-control-value')),
    redact: readRedaction(headers.get('upstash-redact-fields')), api: null,
  };
}

function contentHash(destination: string, body: Buffer, headers: HeaderMap): string {
  const sorted = Object.entries(headers).sort(([a], [b]) => (a < b ? -1 : 1));
  return `content-${createHash('sha256').update(JSON.stringify([destination, sorted])).update(body).digest('hex')}`;
}

/** Reads when to deliver and what the message is a duplicate of. Throws 400 or 412. */
export function readPublishSettings(headers: ReadonlyMap<string, string>, destination: string, body: Buffer, forwarded: HeaderMap): PublishSettings {
  const byContent = headers.get('upstash-content-based-deduplication')?.toLowerCase() === 'true';
  const given = headers.get('upstash-deduplication-id');
  if (given !== undefined && given.length > 500) throw new ContractError(400, 'Upstash-Deduplication-Id may have at most 500 characters');
  return {
    delayMs: readDelay(headers.get('upstash-delay')), notBefore: readNotBefore(headers.get('upstash-not-before')),
    deduplicationId: given ? `id-${given}` : (byContent ? contentHash(destination, body, forwarded) : null),
  };
}

/** The settings of a message that is published again, with what the headers of that call say otherwise. */
export function overrideSettings(settings: DeliverySettings, headers: ReadonlyMap<string, string>, checkUrl: (url: string) => string): DeliverySettings {
  const said = readDeliverySettings(headers, checkUrl);
  const { 'Content-Type': _type, ...forwarded } = said.headers;
  const named: readonly (readonly [string, Partial<DeliverySettings>])[] = [
    ['upstash-method', { method: said.method }], ['upstash-retries', { maxRetries: said.maxRetries }], ['upstash-timeout', { timeoutSeconds: said.timeoutSeconds }],
    ['upstash-retry-delay', { retryDelay: said.retryDelay }], ['upstash-label', { labels: said.labels }], ['upstash-callback', { callback: said.callback }],
    ['upstash-failure-callback', { failureCallback: said.failureCallback }], ['upstash-flow-control-key', { flow: said.flow }], ['upstash-redact-fields', { redact: said.redact }],
  ];
  return {
    ...settings, ...Object.assign({}, ...named.filter(([name]) => headers.has(name)).map(([, part]) => part)) as Partial<DeliverySettings>,
    headers: { ...settings.headers, ...forwarded },
    callbackHeaders: { ...settings.callbackHeaders, ...said.callbackHeaders }, failureCallbackHeaders: { ...settings.failureCallbackHeaders, ...said.failureCallbackHeaders },
  };
}
