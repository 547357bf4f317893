import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { unauthenticated } from '../../common/errors.js';
import type { OperationContext } from '../../protocols/graphql/caller.js';
import { Public, RequirePermission, SignedIn } from './authorize.js';

/** Position of the context among the arguments of a GraphQL resolver. */
const CONTEXT_ARGUMENT = 2;

/** Stands before every query and mutation. One that declares nothing is closed to everybody. */
@Injectable()
export class PermissionGuard implements CanActivate {
  constructor(@Inject(Reflector) private readonly reflector: Reflector) {}

  canActivate(execution: ExecutionContext): boolean {
    const handler = execution.getHandler();
    const { caller } = execution.getArgByIndex<OperationContext>(CONTEXT_ARGUMENT);
    if (this.reflector.get(Public, handler)) return true;
    const permission = this.reflector.get(RequirePermission, handler);
    if (permission) {
      caller.require(permission);
      return true;
    }
    if (!this.reflector.get(SignedIn, handler)) throw new Error(`${execution.getClass().name}.${handler.name} does not say who may call it.`);
    if (caller.role === null) throw unauthenticated();
    return true;
  }
}
