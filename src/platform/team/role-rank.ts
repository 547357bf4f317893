import { DomainError } from '../../common/errors.js';
import { ROLES, type Role } from '../../common/permission.js';

/** Whether the role holds more than the other. */
export const isAbove = (role: Role, other: Role): boolean => ROLES.indexOf(role) < ROLES.indexOf(other);

/** Nobody gives or takes a role that holds more than their own. Throws ROLE_ABOVE_OWN. */
export function refuseAbove(role: Role, own: Role): void {
  if (isAbove(role, own)) throw new DomainError('ROLE_ABOVE_OWN', `You cannot do this with the role "${role.replace('_', ' ')}", because it is above your own. Ask an owner.`, 403, false, { role });
}
