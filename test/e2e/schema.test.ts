import { expect, it } from '@jest/globals';
import { buildClientSchema, getIntrospectionQuery, printSchema, type IntrospectionQuery } from 'graphql';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Client } from '../support/client.js';
import { startPerch } from '../support/perch.js';
import { SHAPES } from '../support/shapes.js';

const FILE = fileURLToPath(new URL('../../../docs/schema.graphql', import.meta.url));

it.each(SHAPES.map((shape) => [shape]))('the GraphQL schema is the documented one, %s', async (shape) => {
  const perch = await startPerch(shape);
  const { data } = await new Client(perch.address).graphql<IntrospectionQuery>(getIntrospectionQuery());
  await perch.stop();
  const printed = `${printSchema(buildClientSchema(data))}\n`;
  // A change of the schema is a change of the contract: it is written on purpose and shows in the review.
  if (process.env['PERCH_UPDATE_SCHEMA']) writeFileSync(FILE, printed);
  expect(printed).toBe(readFileSync(FILE, 'utf8'));
});
