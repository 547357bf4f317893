import { GraphQLScalarType } from 'graphql';

/** Any JSON value, for records whose shape is given by a public schema (JSON Resume) and not by this one. */
export const GraphQLJson = new GraphQLScalarType({ name: 'JSON', description: 'A JSON value.', serialize: (value) => value });
