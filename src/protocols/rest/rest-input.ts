import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { DomainError, invalidInput } from '../../common/errors.js';
import type { DoorRequest } from '../http/door.js';
import { readJson } from '../http/request-body.js';
import type { Precondition, RestOperation } from './rest-operation.js';

const BODY_LIMIT_BYTES = 262_144;
const NOTHING = z.strictObject({});
/** Rewrites of a platform put the path there. */
const REWRITTEN = 'route';

/** The value as the schema reads it. Throws INVALID_INPUT that names the first wrong field; of a caller's own words it repeats a few at most. */
function read(schema: z.ZodObject | null, value: Readonly<Record<string, unknown>>, part: string): Readonly<Record<string, unknown>> {
  const parsed = (schema?.strict() ?? NOTHING).safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const path = [...issue.path, ...(issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [])].join('.').slice(0, 100);
  if (issue.code === 'unrecognized_keys') throw invalidInput(`"${path}" is not known in the ${part}. See /api/v1/openapi.json.`, path);
  throw invalidInput(path === '' ? issue.message : `"${path}" ${issue.message}.`, path === '' ? undefined : path);
}

/** The query. Throws INVALID_INPUT for a parameter that is unknown, wrong or there twice. */
export function readQuery({ query }: RestOperation, { searchParams }: URL): Readonly<Record<string, unknown>> {
  const values: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [name, value] of searchParams) {
    if (name === REWRITTEN) continue;
    if (name in values) throw invalidInput(`"${name.slice(0, 100)}" is in the query twice.`, name.slice(0, 100));
    values[name] = value;
  }
  return read(query, { ...values }, 'query');
}

/** The body. Throws INVALID_INPUT, PAYLOAD_TOO_LARGE or UNSUPPORTED_MEDIA_TYPE. */
export async function readBodyOf({ method, body }: RestOperation, request: DoorRequest): Promise<Readonly<Record<string, unknown>>> {
  if (method === 'GET') return {};
  if (body === null && (await request.body(BODY_LIMIT_BYTES)).length === 0) return {};
  // A form of another site can send other types without asking first.
  if (!/^application\/json\s*(?:;|$)/i.test(request.headers['content-type'] ?? '')) throw new DomainError('UNSUPPORTED_MEDIA_TYPE', 'Send JSON: "Content-Type: application/json".', 415);
  return read(body, await readJson(request, BODY_LIMIT_BYTES), 'body');
}

/** The version that If-Match names; null where any will do. Throws PRECONDITION_REQUIRED, or INVALID_INPUT for what is no tag of ours. */
export function expectedVersion(precondition: Precondition | undefined, { 'if-match': header }: IncomingHttpHeaders): number | null {
  if (precondition === undefined) return null;
  if (header === undefined || header.trim() === '') {
    if (precondition === 'honoured') return null;
    throw new DomainError('PRECONDITION_REQUIRED', 'Read the record first and send its ETag as If-Match, so that nobody overwrites what they have not seen.', 428);
  }
  if (header.trim() === '*') return null;
  const version = /^"(\d{1,9})"$/.exec(header.trim())?.[1];
  if (version === undefined) throw new DomainError('PRECONDITION_FAILED', 'If-Match must be the ETag of the record as you have read it.', 412);
  return Number(version);
}

/** The tag of a record's version. */
export const entityTag = (version: number): string => `"${version}"`;
