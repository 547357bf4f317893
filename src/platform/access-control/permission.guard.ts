import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { unauthenticated } from '../../common/errors.js';
import type { RequestContext } from '../../common/request-context.js';
import { Public, RequirePermission, SignedIn } from './authorize.js';

/** Position of the context among the arguments of a GraphQL resolver. */
const CONTEXT_ARGUMENT = 2;

/** Stands before every query and mutation. One that declares nothing is closed to everybody. */
@Injectable()
export class PermissionGuard implements CanActivate {
  constructor(@Inject(Reflector) private readonly reflector: Reflector) {}

  canActivate(execution: ExecutionContext): boolean {
    const handler = execution.getHandler();
    const context = execution.getArgByIndex<RequestContext>(CONTEXT_ARGUMENT);
    if (this.reflector.get(Public, handler)) return true;
    const permission = this.reflector.get(RequirePermission, handler);
    if (permission) {
      context.require(permission);
      return true;
    }
    if (!this.reflector.get(SignedIn, handler)) throw new Error(`${execution.getClass().name}.${handler.name} does not say who may call it.`);
    if (context.role === null) throw unauthenticated();
    return true;
  }
}
