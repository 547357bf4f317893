import { Context } from '@nestjs/graphql';
import type { RequestContext } from '../../common/request-context.js';

/** What resolvers get as GraphQL context. Apollo copies this object for each operation; the caller in it stays one and the same. */
export interface OperationContext {
  readonly caller: RequestContext;
}

/** Injects the RequestContext of the operation into a resolver's parameter. */
export const Caller = (): ParameterDecorator => Context('caller');
