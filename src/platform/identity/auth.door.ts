import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { DomainError } from '../../common/errors.js';
import { parseInput } from '../../common/validation.js';
import { Database } from '../../infrastructure/database/database.js';
import { Authenticator } from '../../protocols/http/authenticator.js';
import { sessionCookie } from '../../protocols/http/cookies.js';
import { HttpDoor, jsonResponse, subPath, type Door, type DoorRequest, type DoorResponse } from '../../protocols/http/door.js';
import { readJson } from '../../protocols/http/request-body.js';
import { SESSION_COOKIE } from './request-authenticator.js';
import { SESSION_SECONDS, SessionService } from './session.service.js';

const BODY_LIMIT = 10_000;
const SIGN_IN = z.object({
  email: z.string().min(1).max(320),
  password: z.string().min(1).max(1_000),
  workspace: z.string().regex(/^[a-z0-9-]{2,63}$/).nullish(),
  /** `cookie` for browsers; `token` answers with the token itself, for programs. */
  as: z.enum(['cookie', 'token']).default('cookie'),
});

/** POST /api/auth/sign-in and /api/auth/sign-out, GET /api/auth/session. */
@Injectable()
@HttpDoor('auth')
export class AuthDoor implements Door {
  constructor(
    @Inject(SessionService) private readonly sessions: SessionService,
    @Inject(Authenticator) private readonly authenticator: Authenticator,
    @Inject(Database) private readonly database: Database,
  ) {}

  async handle(request: DoorRequest): Promise<DoorResponse> {
    switch (`${request.method} ${subPath(request, 'auth')}`) {
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
    // A form on another site cannot send JSON without asking first, which keeps strangers from signing people in.
    if (!request.headers['content-type']?.startsWith('application/json')) throw new DomainError('UNSUPPORTED_MEDIA_TYPE', 'Send JSON.', 415);
    const { email, password, workspace, as } = parseInput(SIGN_IN, await readJson(request, BODY_LIMIT));
    const token = await this.sessions.signIn({ email, password, workspace: workspace ?? null, ip: request.ip });
    if (as === 'token') return jsonResponse(200, { token, expiresIn: SESSION_SECONDS });
    return jsonResponse(200, { expiresIn: SESSION_SECONDS }, { 'set-cookie': sessionCookie(SESSION_COOKIE, token, SESSION_SECONDS) });
  }

  private async signOut(request: DoorRequest): Promise<DoorResponse> {
    const context = await this.authenticator.authenticate(request);
    const sessionId = context.memo.get('sessionId');
    if (typeof sessionId === 'string') await this.sessions.signOut(context, sessionId);
    await this.database.release(context);
    return jsonResponse(200, {}, { 'set-cookie': sessionCookie(SESSION_COOKIE, '', 0) });
  }

  private async session(request: DoorRequest): Promise<DoorResponse> {
    const context = await this.authenticator.authenticate(request);
    await this.database.release(context);
    return jsonResponse(200, { signedIn: context.role !== null, role: context.role });
  }
}
