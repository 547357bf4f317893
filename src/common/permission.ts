export type Role = 'owner' | 'admin' | 'recruiter' | 'hiring_manager' | 'interviewer';
export const ROLES: readonly Role[] = ['owner', 'admin', 'recruiter', 'hiring_manager', 'interviewer'];

/** A named right, and the roles that hold it. API keys hold those whose name stands in their scopes. */
export interface Permission {
  readonly name: string;
  readonly roles: readonly Role[];
  /** Whether no API key can hold it. */
  readonly forPeople?: true;
}

const declared = new Map<string, Permission>();

/** Declares a right of a feature. A name declared twice is a defect and throws at start. */
export function definePermission(name: string, roles: readonly Role[]): Permission {
  return declare({ name, roles });
}

/** Declares a right that no program can be given. */
export const definePermissionOfPeople = (name: string, roles: readonly Role[]): Permission => declare({ name, roles, forPeople: true });

function declare(permission: Permission): Permission {
  if (declared.has(permission.name)) throw new Error(`The permission "${permission.name}" is declared twice.`);
  declared.set(permission.name, permission);
  return permission;
}

/** All rights that the loaded features declare, for API key scopes and documentation. */
export const declaredPermissions = (): readonly Permission[] => [...declared.values()];

export const EVERYONE = ROLES;
export const RECRUITING_TEAM: readonly Role[] = ['owner', 'admin', 'recruiter', 'hiring_manager'];
export const RECRUITERS: readonly Role[] = ['owner', 'admin', 'recruiter'];
export const ADMINISTRATORS: readonly Role[] = ['owner', 'admin'];
