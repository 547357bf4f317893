import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildSchema, getNamedType, isEnumType, isInputObjectType, isLeafType, isListType, isNonNullType, type GraphQLField, type GraphQLInputType, type GraphQLSchema } from 'graphql';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { apiKey } from '../mcp/mcp-bench.js';
import { Client } from '../support/client.js';
import { startPerch, type Perch } from '../support/perch.js';
import { readingScopes } from '../support/scopes.js';

/** Whoever holds the link may answer: the token is the right. */
const BY_LINK = ['decideOfferByLink'];
const SCALARS: Readonly<Record<string, unknown>> = { ID: '01900000-0000-7000-8000-000000000000', String: 'text', Int: 1, Float: 1, Boolean: true, DateTime: '2031-01-01T00:00:00Z' };

/** Some value of the type; what may be left out is. */
function anyValue(type: GraphQLInputType): unknown {
  if (isNonNullType(type)) return anyValue(type.ofType);
  if (isListType(type)) return [anyValue(type.ofType)];
  const named = getNamedType(type);
  if (isEnumType(named)) return named.getValues()[0]!.name;
  if (isInputObjectType(named)) return Object.fromEntries(Object.values(named.getFields()).filter((field) => isNonNullType(field.type)).map((field) => [field.name, anyValue(field.type)]));
  return SCALARS[named.name] ?? 'text';
}

function callOf({ name, args, type }: GraphQLField<unknown, unknown>): { query: string; variables: object } {
  const given = args.filter((argument) => isNonNullType(argument.type));
  const heads = given.length === 0 ? ['', ''] : [`(${given.map((one) => `$${one.name}: ${String(one.type)}`).join(', ')})`, `(${given.map((one) => `${one.name}: $${one.name}`).join(', ')})`];
  const shown = isLeafType(getNamedType(type)) ? '' : ' { __typename }';
  return { query: `mutation ${heads[0]!} { ${name}${heads[1]!}${shown} }`, variables: Object.fromEntries(given.map((one) => [one.name, anyValue(one.type)])) };
}

describe('an API key that may only read', () => {
  let perch: Perch;
  let schema: GraphQLSchema;
  let program: Client;

  beforeAll(async () => {
    schema = buildSchema(readFileSync(fileURLToPath(new URL('../../../docs/schema.graphql', import.meta.url)), 'utf8'));
    perch = await startPerch('process');
    const owner = await new Client(perch.address).signIn();
    program = new Client(perch.address).useToken(await apiKey(owner, readingScopes()));
  });
  afterAll(() => perch.stop());

  it('reads', async () => {
    const { data, errors } = await program.graphql<{ people: { nodes: object[] } }>('{ people(first: 1) { nodes { id } } }');
    expect([errors, data.people.nodes.length]).toEqual([undefined, 1]);
  });

  it('changes nothing by any mutation', async () => {
    const mutations = Object.values(schema.getMutationType()!.getFields()).filter(({ name }) => !BY_LINK.includes(name));
    expect(mutations.length).toBeGreaterThan(35);
    const before = await perch.database.query('SELECT count(*)::int AS count FROM audit_event');
    const answers: Record<string, string> = {};
    for (const mutation of mutations) {
      const { query, variables } = callOf(mutation);
      const { errors } = await program.graphql(query, variables);
      answers[mutation.name] = errors?.[0]?.extensions.code ?? 'DONE';
    }
    expect(Object.entries(answers).filter(([, code]) => code !== 'FORBIDDEN' && code !== 'UNAUTHENTICATED')).toEqual([]);
    expect(Object.values(answers).filter((code) => code === 'FORBIDDEN').length).toBeGreaterThan(30);
    expect(await perch.database.query('SELECT count(*)::int AS count FROM audit_event')).toEqual(before);
  });
});
