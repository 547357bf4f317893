import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { DomainError } from '../../common/errors.js';
import { parseInput } from '../../common/validation.js';
import type { DoorRequest, DoorResponse } from '../../protocols/http/door.js';
import { readJson } from '../../protocols/http/request-body.js';

const BODY_LIMIT = 10_000;

/** Answers the requests of one route below /api/auth. */
export type AuthRoute = (request: DoorRequest) => Promise<DoorResponse>;

/** The routes below /api/auth that further ways of signing in bring along. */
@Injectable()
export class AuthRoutes {
  private readonly routes = new Map<string, AuthRoute>();

  /** Adds a route by its method and path, `POST second-factor`. Throws at start where it is there already. */
  add(name: string, route: AuthRoute): void {
    if (this.routes.has(name)) throw new Error(`The route "${name}" exists twice.`);
    this.routes.set(name, route);
  }

  find(name: string): AuthRoute | null {
    return this.routes.get(name) ?? null;
  }
}

/**
 * The body of a request that signs somebody in or changes how they do. A form on another site cannot send JSON without asking
 * first, which keeps strangers from signing people in. Throws UNSUPPORTED_MEDIA_TYPE, INVALID_INPUT.
 */
export async function readCredentials<Schema extends z.ZodType>(request: DoorRequest, schema: Schema): Promise<z.output<Schema>> {
  if (!request.headers['content-type']?.startsWith('application/json')) throw new DomainError('UNSUPPORTED_MEDIA_TYPE', 'Send JSON.', 415);
  return parseInput(schema, await readJson(request, BODY_LIMIT));
}
