import { forbidden, invalidInput } from '../../common/errors.js';
import { declaredPermissions } from '../../common/permission.js';
import type { RequestContext } from '../../common/request-context.js';

/** A program gets no right that whoever makes it does not hold. Throws INVALID_INPUT for an unknown scope, FORBIDDEN for one that is not held. */
export function requireHeldScopes(context: RequestContext, scopes: readonly string[]): void {
  for (const scope of scopes) {
    const permission = declaredPermissions().find((candidate) => candidate.name === scope);
    if (!permission || permission.forPeople) throw invalidInput(`There is no scope "${scope}".`, 'scopes');
    if (!context.can(permission)) throw forbidden(scope);
  }
}
