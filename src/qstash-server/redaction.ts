import { createHash } from 'node:crypto';
import { ContractError } from './contract-error.js';
import type { HeaderMap } from './forwarded-headers.js';

const FIELD = /^(?:body|header|header\[[^\]\s]+\])$/i;

const redacted = (value: string | Buffer): string => `REDACTED:${createHash('sha256').update(value).digest('hex')}`;

/** The fields of Upstash-Redact-Fields: `body`, `header` or `header[Name]`, in lower case. Throws 400. */
export function readRedaction(text: string | undefined): string[] {
  const fields = (text ?? '').split(',').map((field) => field.trim()).filter((field) => field !== '');
  const wrong = fields.find((field) => !FIELD.test(field));
  if (wrong !== undefined) throw new ContractError(400, `Upstash-Redact-Fields: "${wrong}" is none of body, header and header[Name]`);
  return fields.map((field) => field.toLowerCase());
}

/** The headers as they may be shown. */
export function redactedHeaders(headers: HeaderMap, fields: readonly string[]): HeaderMap {
  if (fields.length === 0) return headers;
  const hidden = (name: string): boolean => fields.includes('header') || fields.includes(`header[${name.toLowerCase()}]`);
  return Object.fromEntries(Object.entries(headers).map(([name, values]) => [name, hidden(name) ? values.map(redacted) : values]));
}

/** The body as it may be shown. */
export const redactedBody = (body: Buffer, fields: readonly string[]): Buffer => (fields.includes('body') ? Buffer.from(redacted(body)) : body);
