import { newId } from './ids.js';
import type { Permission, Role } from './permission.js';
import { forbidden, unauthenticated } from './errors.js';

export type ActorType = 'user' | 'api_key' | 'oauth_client' | 'applicant' | 'system';

/** Who does it: a signed-in user, an API key, an OAuth client, a visitor of the careers page, or Perch itself. */
export interface Actor {
  readonly type: ActorType;
  readonly id: string | null;
}

/**
 * Everything a service may know about the call it serves; the first argument of every service method.
 * `workspaceId` bounds what the database shows. `role` is null for applicants and for Perch itself.
 */
export class RequestContext {
  readonly requestId: string;
  /** Values that live as long as the request, for example batching loaders; the key is the factory that made them. */
  readonly memo = new Map<unknown, unknown>();

  constructor(
    readonly workspaceId: string | null,
    readonly actor: Actor,
    readonly role: Role | null = null,
    readonly scopes: readonly string[] | null = null,
    requestId?: string,
  ) {
    this.requestId = requestId ?? newId();
  }

  /** The workspace of a call that must have one. Throws UNAUTHENTICATED otherwise. */
  get workspace(): string {
    if (this.workspaceId === null) throw unauthenticated();
    return this.workspaceId;
  }

  /** Whether the caller's role, and for API keys also its scopes, hold the permission. */
  can(permission: Permission): boolean {
    if (this.role === null || !permission.roles.includes(this.role)) return false;
    return this.scopes === null || this.scopes.includes(permission.name);
  }

  /** Throws UNAUTHENTICATED or FORBIDDEN unless the caller holds the permission. */
  require(permission: Permission): void {
    if (this.role === null) throw unauthenticated();
    if (!this.can(permission)) throw forbidden(permission.name);
  }

  /** A value made once per request by the factory. */
  once<T>(key: unknown, make: () => T): T {
    if (!this.memo.has(key)) this.memo.set(key, make());
    return this.memo.get(key) as T;
  }
}

/** A call that Perch makes on its own behalf inside a workspace, or across all of them where it is null. */
export const systemContext = (workspaceId: string | null, requestId?: string): RequestContext =>
  new RequestContext(workspaceId, { type: 'system', id: null }, null, null, requestId);
