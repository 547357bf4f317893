import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { z } from 'zod';
import { DomainError } from '../../common/errors.js';
import { parseInput } from '../../common/validation.js';
import { Database } from '../../infrastructure/database/database.js';
import { Authenticator } from '../../protocols/http/authenticator.js';
import { sessionCookie } from '../../protocols/http/cookies.js';
import { HttpDoor, jsonResponse, subPath, type Door, type DoorRequest, type DoorResponse } from '../../protocols/http/door.js';
import { AuthRoutes, readAuthBody, type AuthRouteSet } from './auth-routes.js';
import { LACKS_FACTOR } from './request-authenticator.js';
import { deviceOf } from './session-device.js';
import { SessionService } from './session.service.js';
import { SESSION_COOKIE, SIGN_IN_AS, signedInResponse } from './signed-in.js';

const SIGN_IN = z.object({
  email: z.string().min(1).max(320),
  password: z.string().min(1).max(1_000),
  workspace: z.string().regex(/^[a-z0-9-]{2,63}$/).nullish(),
  as: SIGN_IN_AS,
});

/** POST /api/auth/sign-in and /api/auth/sign-out, GET /api/auth/session, and whatever classes with @AuthRoutes add. */
@Injectable()
@HttpDoor('auth')
export class AuthDoor implements Door, OnModuleInit {
  private readonly added = new Map<string, (request: DoorRequest) => Promise<DoorResponse>>();

  constructor(
    @Inject(SessionService) private readonly sessions: SessionService,
    @Inject(Authenticator) private readonly authenticator: Authenticator,
    @Inject(Database) private readonly database: Database,
    @Inject(DiscoveryService) private readonly discovery: DiscoveryService,
  ) {}

  onModuleInit(): void {
    for (const { instance } of this.discovery.getProviders({ metadataKey: AuthRoutes.KEY })) {
      for (const [route, answer] of Object.entries((instance as AuthRouteSet).routes)) {
        if (this.added.has(route)) throw new Error(`The address "${route}" below /api/auth is taken twice.`);
        this.added.set(route, answer);
      }
    }
  }

  async handle(request: DoorRequest): Promise<DoorResponse> {
    const route = `${request.method} ${subPath(request, 'auth')}`;
    const answer = this.added.get(route);
    if (answer) return answer(request);
    switch (route) {
      case 'POST sign-in':
        return this.signIn(request);
      case 'POST sign-out':
        return this.signOut(request);
      case 'GET session':
        return this.session(request);
      default:
        throw new DomainError('NOT_FOUND', 'There is nothing here. Try POST /api/auth/sign-in.', 404);
    }
  }

  private async signIn(request: DoorRequest): Promise<DoorResponse> {
    const { email, password, workspace, as } = parseInput(SIGN_IN, await readAuthBody(request));
    return signedInResponse(await this.sessions.signIn({ email, password, workspace: workspace ?? null, ip: request.ip, device: deviceOf(request) }), as);
  }

  private async signOut(request: DoorRequest): Promise<DoorResponse> {
    const context = await this.authenticator.authenticateForSetup(request);
    const sessionId = context.memo.get('sessionId');
    if (typeof sessionId === 'string') await this.sessions.signOut(context, sessionId);
    await this.database.release(context);
    return jsonResponse(200, {}, { 'set-cookie': sessionCookie(SESSION_COOKIE, '', 0) });
  }

  private async session(request: DoorRequest): Promise<DoorResponse> {
    const context = await this.authenticator.authenticateForSetup(request);
    await this.database.release(context);
    return jsonResponse(200, { signedIn: context.role !== null, role: context.role, lacksSecondFactor: context.memo.get(LACKS_FACTOR) === true });
  }
}
