import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { parseInput } from '../../common/validation.js';
import { jsonResponse, type DoorRequest, type DoorResponse } from '../../protocols/http/door.js';
import { AuthRoutes, readAuthBody, type AuthRouteSet } from './auth-routes.js';
import { PasswordResetService } from './password-reset.service.js';
import { PASSWORD_INPUT } from './password.service.js';

const REQUEST = z.object({ email: z.string().trim().max(254).pipe(z.email('is not an e-mail address')) });
const USE = z.object({ token: z.string().max(200), password: PASSWORD_INPUT });

/** POST /api/auth/password-reset-request and /api/auth/password-reset. */
@Injectable()
@AuthRoutes()
export class PasswordResetRoutes implements AuthRouteSet {
  readonly routes = {
    'POST password-reset-request': (request: DoorRequest): Promise<DoorResponse> => this.request(request),
    'POST password-reset': (request: DoorRequest): Promise<DoorResponse> => this.use(request),
  };

  constructor(@Inject(PasswordResetService) private readonly resets: PasswordResetService) {}

  private async request(request: DoorRequest): Promise<DoorResponse> {
    const { email } = parseInput(REQUEST, await readAuthBody(request));
    await this.resets.request(email, request.ip, request.requestId);
    return jsonResponse(202, {});
  }

  private async use(request: DoorRequest): Promise<DoorResponse> {
    const { token, password } = parseInput(USE, await readAuthBody(request));
    await this.resets.use(token, password, request.ip, request.requestId);
    return jsonResponse(200, {});
  }
}
