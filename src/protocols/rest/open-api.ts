import { z } from 'zod';
import type { JsonObject, JsonValue } from '../../common/json.js';
import type { OperationList } from './operation-list.js';
import { REST_ROOT } from './rest-answer.js';
import type { RestOperation } from './rest-operation.js';

const LONGEST = 1_000_000;
const LENGTHS: Readonly<Record<string, number>> = { uuid: 36, 'date-time': 40, date: 10 };
const PROBLEM = z.looseObject({
  type: z.string().describe('urn:perch:error: and the code.'), title: z.string().describe('What to do about it.'), status: z.int().min(400).max(599),
  code: z.string().describe('Stable; programs decide by it.'), retryable: z.boolean().describe('Whether the same request may succeed later.'), requestId: z.uuid(),
}).meta({ id: 'Problem' });

const text = (description: string, more: JsonObject = {}): JsonObject => ({ description, schema: { type: 'string', maxLength: 2_000, ...more } });
const header = (name: string): JsonObject => ({ $ref: `#/components/headers/${name}` });
const failure = (name: string): JsonObject => ({ $ref: `#/components/responses/${name}` });

const HEADERS: JsonObject = {
  'RateLimit': text('Calls that are left, and the seconds until they are renewed.'), 'RateLimit-Policy': text('Calls of one key, and the seconds in which they may be made.'),
  'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer', format: 'int32', minimum: 0, maximum: 86_400 } },
  'ETag': text('The version of the record, for If-Match.'), 'Link': text('The next page, as rel="next".'), 'Location': text('The address of what was made.'),
};
const LIMITS = { 'RateLimit': header('RateLimit'), 'RateLimit-Policy': header('RateLimit-Policy') };

const FAILURES: readonly (readonly [status: string, name: string, description: string])[] = [
  ['400', 'Invalid', 'The path, the query or the body is wrong: `field` names the part.'], ['401', 'Unauthenticated', 'There is no valid API key or session.'],
  ['403', 'Forbidden', 'The caller lacks `permission`.'], ['404', 'NotFound', 'There is no such record, or none that the caller may see.'],
  ['409', 'Conflict', 'The state of things does not allow it, or the first request with this Idempotency-Key still runs.'], ['412', 'PreconditionFailed', 'The record has changed since it was read.'],
  ['413', 'TooLarge', 'The body is too large.'], ['415', 'NotJson', 'The body is not JSON.'], ['422', 'KeyReused', 'The Idempotency-Key came with another request.'],
  ['428', 'PreconditionRequired', 'If-Match is missing.'], ['429', 'TooMany', 'The calls of this key are used up.'], ['500', 'Defect', 'Something went wrong on our side.'], ['503', 'Unavailable', 'The database does not answer at the moment.'],
];

const isObject = (value: JsonValue | undefined): value is JsonObject => value !== null && typeof value === 'object' && !Array.isArray(value);

/** The schema as a member of the document: named parts move to the components, what a format says already is not said again as a pattern. */
function rewritten(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map(rewritten);
  if (!isObject(value)) return value;
  const { $schema: _dialect, id: _name, $defs: _parts, pattern, ...rest } = value;
  const kept: JsonObject = pattern !== undefined && rest['format'] === undefined ? { pattern, ...rest } : rest;
  const entries = Object.entries(kept).map(([key, member]): [string, JsonValue] => (key === '$ref' ? [key, String(member).replace('#/$defs/', '#/components/schemas/')]
    : key === 'properties' && isObject(member) ? [key, Object.fromEntries(Object.entries(member).map(([name, one]) => [name, rewritten(one)]))] : [key, rewritten(member)]));
  return bounded(Object.fromEntries(entries));
}

/** Every text and number of the document has an end, so that whoever reads it can make room. */
function bounded(schema: JsonObject): JsonObject {
  const length = LENGTHS[String(schema['format'])];
  const types = [schema['type']].flat();
  if (types.includes('string') && schema['enum'] === undefined && schema['const'] === undefined && schema['maxLength'] === undefined) return { ...schema, maxLength: length ?? LONGEST };
  if (types.includes('array') && schema['maxItems'] === undefined) return { ...schema, maxItems: 10_000 };
  if (types.includes('integer')) return { ...schema, format: 'int64' };
  return schema;
}

/** Collects the schemas that have names. */
class Components {
  readonly schemas: Record<string, JsonValue> = {};

  /** The schema itself, or a reference to it where it has a name. */
  of(schema: z.ZodType, io: 'input' | 'output', name = z.globalRegistry.get(schema)?.id): JsonValue {
    const made = z.toJSONSchema(schema, { target: 'draft-2020-12', io }) as unknown as JsonObject;
    for (const [id, part] of Object.entries((made['$defs'] as JsonObject | undefined) ?? {})) this.schemas[id] = rewritten(part);
    if (name === undefined) return rewritten(made);
    // A schema that knows its own name comes as a part already.
    if (made['$ref'] === undefined) this.schemas[name] = rewritten(made);
    return { $ref: `#/components/schemas/${name}` };
  }
}

function parameters({ path, query, method, precondition }: RestOperation, components: Components): JsonValue[] {
  const asked = query === null ? {} : (components.of(query.strict(), 'input') as { properties: JsonObject; required?: string[] });
  const { properties = {}, required = [] } = asked as { properties?: JsonObject; required?: string[] };
  return [
    ...(path.includes('{id}') ? [{ name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid', maxLength: 36 } }] : []),
    ...Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', required: required.includes(name), schema })),
    ...(method === 'POST' ? [{ $ref: '#/components/parameters/IdempotencyKey' }] : []),
    ...(precondition ? [{ name: 'If-Match', in: 'header', required: precondition === 'required', description: 'The ETag of the record as you have read it.', schema: { type: 'string', maxLength: 100 } }] : []),
  ];
}

/** Which failures an operation can end with. */
function failures({ method, path, precondition }: RestOperation): JsonObject {
  const statuses = ['400', '401', '403', '429', '500', '503', ...(path.includes('{id}') || method !== 'GET' ? ['404'] : []), ...(method === 'GET' ? [] : ['409', '413', '415']),
    ...(method === 'POST' ? ['422'] : []), ...(precondition ? ['412'] : []), ...(precondition === 'required' ? ['428'] : [])];
  return Object.fromEntries(FAILURES.filter(([status]) => statuses.includes(status)).map(([status, name]) => [status, failure(name)]));
}

function described(operation: RestOperation, components: Components): JsonObject {
  const { name, tag, summary, permission, status = 200, body, answer, location } = operation;
  const { shape } = answer;
  const headers = { ...LIMITS, ...('version' in shape ? { ETag: header('ETag') } : {}), ...('nextCursor' in shape ? { Link: header('Link') } : {}), ...(location ? { Location: header('Location') } : {}) };
  const content = { 'application/json': { schema: components.of(answer, 'output') } };
  return {
    operationId: name, tags: [tag], summary, description: `${summary} Needs the permission \`${permission.name}\`.`, parameters: parameters(operation, components),
    ...(body ? { requestBody: { required: true, content: { 'application/json': { schema: components.of(body.strict(), 'input', `${name[0]!.toUpperCase()}${name.slice(1)}Body`) } } } } : {}),
    responses: { [status]: { description: 'Done.', headers, content }, ...failures(operation) },
  };
}

/** The operations as an OpenAPI 3.1 document. It is the same for everybody. */
export function openApiDocument({ operations }: OperationList): JsonObject {
  const components = new Components();
  const problem = components.of(PROBLEM, 'output');
  const paths: Record<string, Record<string, JsonValue>> = {};
  for (const operation of operations) (paths[operation.path] ??= {})[operation.method.toLowerCase()] = described(operation, components);
  const responses = Object.fromEntries(FAILURES.map(([status, name, description]) => [name, {
    description, content: { 'application/problem+json': { schema: problem } }, headers: { ...(status === '401' || status === '500' || status === '503' ? {} : LIMITS), ...(status === '429' || status === '503' ? { 'Retry-After': header('Retry-After') } : {}) },
  }]));
  return {
    openapi: '3.1.0',
    info: { title: 'Perch', version: '1.0.0', description: 'The recruiting CRM for programs. docs/operations/rest.md tells how to use it.', contact: { name: 'Perch' }, license: { name: 'UNLICENSED', url: 'https://spdx.org/licenses/' } },
    servers: [{ url: REST_ROOT, description: 'The Perch that serves this document, be it local, staging or production.', 'x-internal': false }],
    security: [{ bearer: [] }, { session: [] }],
    tags: [...new Set(operations.map(({ tag }) => tag))].sort().map((name) => ({ name, description: `What there is to do with ${name.toLowerCase()}.` })),
    paths,
    components: {
      schemas: Object.fromEntries(Object.entries(components.schemas).sort(([a], [b]) => (a < b ? -1 : 1))), responses, headers: HEADERS,
      parameters: { IdempotencyKey: { name: 'Idempotency-Key', in: 'header', description: 'A value of yours for this request: sent again, it is answered and not done again.', schema: { type: 'string', minLength: 1, maxLength: 255 } } },
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'perch_…', description: 'An API key, or the token of a session. RFC 6750 tells how it is sent.' },
        session: { type: 'apiKey', in: 'cookie', name: '__Host-perch_session', description: 'The cookie of somebody who is signed in.' },
      },
    },
  };
}
