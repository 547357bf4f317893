import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError } from 'graphql';
import type { Logger } from '../../infrastructure/logging/logger.js';
import { publicError } from '../http/problem.js';
import type { OperationContext } from './caller.js';

/** What was thrown by our code; null where GraphQL itself refused the operation, which the caller is told in full. */
export function thrownBy(error: unknown, code: unknown = error instanceof GraphQLError ? error.extensions['code'] : undefined): { readonly cause: unknown } | null {
  const original = error instanceof GraphQLError ? error.originalError : undefined;
  const isOurs = error instanceof GraphQLError && code !== 'INTERNAL_SERVER_ERROR';
  if (isOurs && (original === undefined || original instanceof GraphQLError)) return null;
  return { cause: original ?? error };
}

/** Logs defects with the id of the request, which is all that the caller gets to see of them. */
export function errorLogPlugin(logger: Logger): ApolloServerPlugin<OperationContext> {
  return {
    async requestDidStart() {
      return {
        async didEncounterErrors({ errors, contextValue }) {
          for (const error of errors) {
            const thrown = thrownBy(error);
            if (thrown && publicError(thrown.cause) !== thrown.cause) logger.error('a resolver failed', thrown.cause, { path: error.path, requestId: contextValue.caller.requestId });
          }
        },
      };
    },
  };
}
