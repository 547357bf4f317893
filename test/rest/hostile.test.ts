import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject } from '../../src/common/json.js';
import type { Perch } from '../support/perch.js';
import { bodyOf, openOffice, type Records } from './office-records.js';
import { document, faultsOf, operations, RestBench, type DocumentedOperation, type RestAnswer } from './rest-bench.js';

const RUNS = 25;
const LONE = String.fromCharCode(0xd800);
const NASTY = ['', ' ', '\u0000', LONE, `a${LONE}b`, "'; DROP TABLE person; --", '%_\\', '../../etc/passwd', '<script>alert(1)</script>', '\u202e', '😀'.repeat(200), 'x'.repeat(400), '-1', '1e309', 'null', '__proto__'];
const STACK = /\bat .*\.(?:[cm]?js|ts):\d|node_modules|QueryFailedError|TypeError|select .* from/i;

const bodySchema = ({ requestBody }: DocumentedOperation): JsonObject | null => {
  const reference = requestBody?.content['application/json'].schema['$ref'];
  return typeof reference === 'string' ? (document.components.schemas[reference.split('/').at(-1)!] as JsonObject) : null;
};

/** Values of a schema, good ones and bad ones; `known` are ids that exist. */
function valueOf(schema: JsonObject, known: readonly string[]): fc.Arbitrary<unknown> {
  const rubbish = fc.oneof(fc.constantFrom<unknown>(...NASTY, null, [], {}, -1, 1e308, true), fc.string({ unit: 'binary', maxLength: 50 }), fc.jsonValue());
  const fitting = (): fc.Arbitrary<unknown> => {
    if (Array.isArray(schema['enum'])) return fc.constantFrom(...(schema['enum'] as unknown[]));
    if (Array.isArray(schema['anyOf'])) return fc.oneof(...(schema['anyOf'] as JsonObject[]).map((one) => valueOf(one, known)));
    if (schema['format'] === 'uuid') return fc.constantFrom(...known);
    if (schema['type'] === 'string') return fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
    if (schema['type'] === 'number' || schema['type'] === 'integer') return fc.oneof(fc.integer({ min: 0, max: 100 }), fc.double());
    if (schema['type'] === 'array') return fc.array(valueOf((schema['items'] as JsonObject | undefined) ?? {}, known), { maxLength: 4 });
    if (schema['type'] === 'object') return objectOf(schema, known);
    return rubbish;
  };
  return fc.oneof({ weight: 6, arbitrary: fitting() }, { weight: 1, arbitrary: rubbish });
}

function objectOf(schema: JsonObject, known: readonly string[]): fc.Arbitrary<unknown> {
  const properties = Object.entries((schema['properties'] as JsonObject | undefined) ?? {}).map(([name, one]) => [name, valueOf(one as JsonObject, known)] as const);
  return fc.record(Object.fromEntries(properties), { requiredKeys: (schema['required'] as string[] | undefined) ?? [] });
}

describe('hostile requests of REST', () => {
  let perch: Perch;
  let program: RestBench;
  let records: Records;

  beforeAll(async () => {
    ({ perch, program, records } = await openOffice('functions'));
  });
  afterAll(() => perch.stop());

  const pathOf = ({ path }: DocumentedOperation): string => path.replace('{id}', records[path.split('/')[1]!]!);
  const send = async (operation: DocumentedOperation, path: string, body?: object | string | Buffer, headers: Readonly<Record<string, string>> = {}): Promise<RestAnswer> => {
    const answer = await program.send(operation.method, path, operation.method === 'GET' ? undefined : body, { 'if-match': '*', ...headers });
    if (answer.status >= 500 || STACK.test(answer.text)) throw new Error(`${operation.operationId} answered ${answer.status} ${answer.text.slice(0, 500)}`);
    return answer;
  };
  const renewCalls = (): Promise<unknown> => perch.database.query('DELETE FROM rate_limit');

  it('are refused as problems', async () => {
    await renewCalls();
    const bodies: readonly (readonly [string | Buffer, number])[] = [
      ['{"a":', 400], ['null', 400], ['[]', 400], ['"text"', 400], ['7', 400], [Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), 400], [`{"a":"${'x'.repeat(1_048_576)}"}`, 413], [`{"a":${'['.repeat(60_000)}${']'.repeat(60_000)}}`, 400],
      ['{"__proto__":{"admin":true},"constructor":1}', 400], ['{"\\ud800":1}', 400], [`{"${'k'.repeat(100_000)}":1}`, 400],
    ];
    for (const operation of operations.filter(({ method }) => method !== 'GET')) {
      for (const [body, status] of bodies) {
        const answer = await send(operation, pathOf(operation), body);
        expect([operation.operationId, answer.status, answer.text.length < 1_000]).toEqual([operation.operationId, status, true]);
        expect(faultsOf(operation, answer)).toEqual([]);
      }
    }
  });

  it('put nasty text into every field', async () => {
    for (const operation of operations) {
      await renewCalls();
      const good = bodyOf(operation.operationId, records);
      for (const field of Object.keys((bodySchema(operation)?.['properties'] as JsonObject | undefined) ?? {})) {
        for (const text of NASTY) expect(faultsOf(operation, await send(operation, pathOf(operation), JSON.stringify({ ...good, [field]: text })))).toEqual([]);
      }
      for (const { name, in: where } of operation.parameters.filter((one) => one.in === 'query')) {
        for (const text of NASTY) expect([where, faultsOf(operation, await send(operation, `${pathOf(operation)}?${name!}=${encodeURIComponent(text.replaceAll(LONE, '?'))}`))]).toEqual(['query', []]);
      }
    }
  });

  it('never find a fault of ours', async () => {
    const known = [...Object.values(records), '01900000-0000-7000-8000-000000000000'];
    for (const operation of operations) {
      await renewCalls();
      const queries = fc.record(Object.fromEntries(operation.parameters.filter((one) => one.in === 'query').map((one) => [one.name!, valueOf(one.schema!, known).map((value) => (typeof value === 'string' ? value : JSON.stringify(value) ?? '').replace(/[\ud800-\udfff]/g, ''))])), { requiredKeys: [] });
      const body = bodySchema(operation);
      await fc.assert(fc.asyncProperty(queries, body ? objectOf(body, known) : fc.constant({}), fc.constantFrom(...known), async (query, value, id) => {
        const path = `${operation.path.replace('{id}', id)}?${new URLSearchParams(query as Record<string, string>).toString()}`;
        expect(faultsOf(operation, await send(operation, path, JSON.stringify(value)))).toEqual([]);
      }), { numRuns: RUNS, seed: 20_26 });
    }
  }, 300_000);

  it('have headers that are nonsense', async () => {
    await renewCalls();
    const operation = operations.find(({ operationId }) => operationId === 'moveApplication')!;
    const nonsense: readonly Readonly<Record<string, string>>[] = [{ 'if-match': '"1", "2"' }, { 'if-match': '"99999999999999999999"' }, { 'idempotency-key': ' ' }, { 'content-type': 'application/json; charset=utf-16' }, { 'content-type': 'application/jsonx' }];
    for (const headers of nonsense) {
      expect((await send(operation, pathOf(operation), JSON.stringify(bodyOf('moveApplication', records)), headers)).status).toBeLessThan(500);
    }
    expect((await program.get('/people/%00')).status).toBe(404);
    expect((await program.get('/people/%ff%fe')).status).toBe(404);
    expect((await program.get('//people')).status).toBeLessThan(500);
  });
});
