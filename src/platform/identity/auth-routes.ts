import { DiscoveryService } from '@nestjs/core';
import { DomainError } from '../../common/errors.js';
import type { DoorRequest, DoorResponse } from '../../protocols/http/door.js';
import { readJson } from '../../protocols/http/request-body.js';

const BODY_LIMIT = 10_000;

/** Marks a class that answers some of the addresses below /api/auth; it is found wherever it is provided. */
export const AuthRoutes = DiscoveryService.createDecorator();

/** What such a class has: answers by method and path, `POST password-reset`. */
export interface AuthRouteSet {
  readonly routes: Readonly<Record<string, (request: DoorRequest) => Promise<DoorResponse>>>;
}

/** The body of a call before the sign-in. A form on another site cannot send JSON without asking first, which keeps strangers from acting in a visitor's browser. */
export async function readAuthBody(request: DoorRequest): Promise<Record<string, unknown>> {
  if (!request.headers['content-type']?.startsWith('application/json')) throw new DomainError('UNSUPPORTED_MEDIA_TYPE', 'Send JSON.', 415);
  return readJson(request, BODY_LIMIT);
}
