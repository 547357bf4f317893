import { createHash } from 'node:crypto';
import { ContractError } from './contract-error.js';
import type { HeaderMap } from './forwarded-headers.js';

const FIELD = /^(?:body|headers?|headers?\[[^\]\s]+\])$/i;

const redacted = (value: string | Buffer): string => `REDACTED:${createHash('sha256').update(value).digest('hex')}`;

/** The fields of Upstash-Redact-Fields: `body`, `header` or `header[Name]`, in lower case; `headers` means `header`. Throws 400. */
export function readRedaction(text: string | undefined): string[] {
  const fields = (text ?? '').split(',').map((field) => field.trim()).filter((field) => field !== '');
  const wrong = fields.find((field) => !FIELD.test(field));
  if (wrong !== undefined) throw new ContractError(400, `Upstash-Redact-Fields: "${wrong}" is none of body, header and header[Name]`);
  return fields.map((field) => field.toLowerCase().replace(/^headers/, 'header'));
}

const hides = (fields: readonly string[], header: string): boolean => fields.includes('header') || fields.includes(`header[${header.toLowerCase()}]`);

/** The headers as they may be shown. */
export function redactedHeaders(headers: HeaderMap, fields: readonly string[]): HeaderMap {
  if (fields.length === 0) return headers;
  return Object.fromEntries(Object.entries(headers).map(([name, values]) => [name, hides(fields, name) ? values.map(redacted) : values]));
}

/** The settings of a callback as they may be shown: the headers that it forwards are hidden as those of the message. */
export const redactedCallbackSettings = (settings: Readonly<Record<string, string>>, fields: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, name.startsWith('forward-') && hides(fields, name.slice('forward-'.length)) ? redacted(value) : value]));

/** What is hidden of the callback of a message: what the message hides, and its whole body, which repeats the message. */
export const callbackRedaction = (fields: readonly string[]): readonly string[] => (fields.length === 0 ? fields : [...new Set([...fields, 'body'])]);

/** The body as it may be shown. */
export const redactedBody = (body: Buffer, fields: readonly string[]): Buffer => (fields.includes('body') ? Buffer.from(redacted(body)) : body);
