import type { IncomingMessage } from 'node:http';
import { DomainError, invalidInput } from '../../common/errors.js';
import type { DoorRequest } from './door.js';

export const tooLarge = (limit: number): DomainError =>
  new DomainError('PAYLOAD_TOO_LARGE', `The request is larger than the ${Math.round(limit / 1_048_576 * 10) / 10} MB that are accepted here.`, 413);

/** All bytes of a request. Throws PAYLOAD_TOO_LARGE as soon as the limit is passed, declared or real. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge(limit);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > limit) throw tooLarge(limit);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

/** The body as JSON. Throws INVALID_INPUT for anything that is not a JSON object in valid UTF-8. */
export async function readJson(request: DoorRequest, limit: number): Promise<Record<string, unknown>> {
  const bytes = await request.body(limit);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw invalidInput('The body must be a JSON object in UTF-8.');
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw invalidInput('The body must be a JSON object.');
  return value as Record<string, unknown>;
}
