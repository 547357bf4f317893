import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditServer } from 'graphql-http';
import request from 'supertest';
import { Client } from '../support/client.js';
import { startPerch, type Perch } from '../support/perch.js';
import { SHAPES } from '../support/shapes.js';

describe.each(SHAPES)('GraphQL over HTTP as %s', (shape) => {
  let perch: Perch;

  beforeAll(async () => {
    perch = await startPerch(shape);
  });
  afterAll(() => perch.stop());

  it('passes every audit that must hold', async () => {
    const results = await auditServer({ url: `${perch.address}/api/graphql`, fetchFn: fetch });
    const must = results.filter(({ name }) => name.startsWith('MUST'));
    expect(must.length).toBeGreaterThanOrEqual(13);
    expect(must.filter(({ status }) => status !== 'ok').map((result) => [result.name, 'reason' in result ? result.reason : ''])).toEqual([]);
  });

  it.each([
    ['a batch', '[{"query":"{ __typename }"},{"query":"{ __typename }"}]', 'application/json'],
    ['text', '{"query":"{ __typename }"}', 'text/plain'],
    ['a form', 'query={__typename}', 'application/x-www-form-urlencoded'],
    ['nothing', '', 'application/json'],
    ['null', 'null', 'application/json'],
    ['half of an object', '{"query":', 'application/json'],
    ['200 KB', JSON.stringify({ query: `{ __typename } #${'x'.repeat(200_000)}` }), 'application/json'],
  ])('refuses %s without a page or a stack', async (_, body, type) => {
    const answer = await request(perch.address).post('/api/graphql').set('content-type', type).send(body);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(answer.headers['content-type']).toMatch(/json/);
    expect(answer.text).not.toMatch(/<html|\bat .*\.[cm]?js:\d+/);
  });

  it('changes nothing by GET', async () => {
    const mutation = 'mutation { createCompany(input: { name: "By GET" }) { id } }';
    const answer = await (await new Client(perch.address).signIn()).get(`/api/graphql?query=${encodeURIComponent(mutation)}`);
    expect([answer.status, await perch.database.query("SELECT 1 FROM company WHERE name = 'By GET'")]).toEqual([405, []]);
  });
});

describe('GraphQL in production', () => {
  let perch: Perch;

  beforeAll(async () => {
    perch = await startPerch('process', async () => ({ NODE_ENV: 'production' }));
  });
  afterAll(() => perch.stop());

  it('hides its schema', async () => {
    const ask = async (query: string): Promise<string> => (await request(perch.address).post('/api/graphql').send({ query })).text;
    expect(await ask('{ __schema { types { name } } }')).toMatch(/introspection is not allowed/i);
    expect(await ask('{ __type(name: "Query") { name } }')).toMatch(/introspection is not allowed/i);
    const misspelt = await ask('{ viewr { role } }');
    expect(misspelt).toMatch(/Cannot query field/);
    expect(misspelt).not.toMatch(/Did you mean|viewer/);
  });
});
