import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import type { JsonObject } from '../../src/common/json.js';
import { apiKey } from '../mcp/mcp-bench.js';
import { Client } from '../support/client.js';
import { readingScopes } from '../support/scopes.js';

export const DOCUMENT_FILE = new URL('../../../docs/openapi.json', import.meta.url);

export interface DocumentedOperation {
  readonly operationId: string;
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly { readonly name?: string; readonly in?: string; readonly required?: boolean; readonly schema?: JsonObject }[];
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: JsonObject } } };
  readonly responses: Readonly<Record<string, { readonly $ref?: string; readonly content?: Readonly<Record<string, { readonly schema: JsonObject }>> }>>;
}

export interface RestAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
  readonly body: JsonObject;
}

export interface RestDocument extends JsonObject {
  readonly paths: Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonObject>>; readonly responses: Readonly<Record<string, JsonObject>> };
}

export const document = JSON.parse(readFileSync(DOCUMENT_FILE, 'utf8')) as RestDocument;

export const operations: readonly DocumentedOperation[] = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ ...(operation as unknown as DocumentedOperation), method: method.toUpperCase(), path })));

const FORMATS: Readonly<Record<string, RegExp | true>> = {
  uuid: /^[0-9a-f-]{36}$/, 'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/, date: /^\d{4}-\d\d-\d\d$/, email: true, int32: true, int64: true, uri: true,
};
const ajv = new Ajv2020({ strict: false, allErrors: true, formats: FORMATS });
const validators = new Map<string, ValidateFunction>();

/** The document's schemas as one that stands alone. */
const alone = (schema: JsonObject): JsonObject => JSON.parse(JSON.stringify({ ...schema, $defs: document.components.schemas }).replaceAll('#/components/schemas/', '#/$defs/')) as JsonObject;

function validatorOf(schema: JsonObject): ValidateFunction {
  const name = JSON.stringify(schema);
  const known = validators.get(name) ?? ajv.compile(alone(schema));
  validators.set(name, known);
  return known;
}

/** What is wrong with an answer by the document; nothing where it is as described. */
export function faultsOf({ responses, operationId }: DocumentedOperation, { status, headers, body }: RestAnswer): string[] {
  const response = responses[status];
  if (!response) return [`${operationId} answered ${status}, which is not described.`];
  const type = status >= 400 ? 'application/problem+json' : 'application/json';
  if (!headers['content-type']?.startsWith(type)) return [`${operationId} answered ${headers['content-type']}.`];
  const described = response.$ref === undefined ? response : (document.components.responses[response.$ref.split('/').at(-1)!] as unknown as typeof response);
  const validate = validatorOf(described.content![type]!.schema);
  return validate(body) ? [] : validate.errors!.map(({ instancePath, message }) => `${operationId} ${status}: ${instancePath} ${message}`);
}

/** A program that calls /api/v1 with a token, and sends what it is told, byte for byte. */
export class RestBench {
  constructor(
    readonly address: string,
    readonly token: string | null,
  ) {}

  static async withScopes(owner: Client, scopes: readonly string[]): Promise<RestBench> {
    return new RestBench(owner.address, await apiKey(owner, scopes));
  }

  /** A program that may only read. */
  static reader(owner: Client): Promise<RestBench> {
    return RestBench.withScopes(owner, readingScopes());
  }

  send(method: string, path: string, body?: object | string | Buffer, headers: Readonly<Record<string, string>> = {}): Promise<RestAnswer> {
    const bytes = body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    const sent = { ...(this.token === null ? {} : { authorization: `Bearer ${this.token}` }), ...(bytes === undefined ? {} : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(bytes)) }), ...headers };
    return new Promise((done, fail) => {
      const asked = request(`${this.address}/api/v1${path}`, { method, headers: sent }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
          const text = Buffer.concat(chunks).toString();
          done({ status: response.statusCode!, headers: response.headers as RestAnswer['headers'], text, body: text.startsWith('{') ? JSON.parse(text) as JsonObject : {} });
        });
      });
      asked.on('error', fail).end(bytes);
    });
  }

  get(path: string): Promise<RestAnswer> {
    return this.send('GET', path);
  }

  post(path: string, body?: object, headers: Readonly<Record<string, string>> = {}): Promise<RestAnswer> {
    return this.send('POST', path, body, headers);
  }

  async items(path: string): Promise<JsonObject[]> {
    return (await this.get(path)).body['items'] as unknown as JsonObject[];
  }
}
