import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { RequestContext } from '../../../common/request-context.js';
import { parseInput } from '../../../common/validation.js';
import { Database } from '../../../infrastructure/database/database.js';
import { Authenticator } from '../../../protocols/http/authenticator.js';
import { jsonResponse, type DoorRequest, type DoorResponse } from '../../../protocols/http/door.js';
import { AuthRoutes, readAuthBody, type AuthRouteSet } from '../auth-routes.js';
import { deviceOf } from '../session-device.js';
import { SIGN_IN_AS, signedInResponse } from '../signed-in.js';
import { SecondFactorService } from './second-factor.service.js';

const CODE = z.string().min(6).max(40);
const WITH_CODE = z.object({ code: CODE });
const SECOND_STEP = z.object({ ticket: z.string().min(1).max(200), code: CODE, as: SIGN_IN_AS });

/**
 * POST /api/auth/second-factor is the second step of a sign-in; below it lies what somebody does with their own second factor.
 * It is not a part of GraphQL, because who has to set one up can reach nothing else.
 */
@Injectable()
@AuthRoutes()
export class SecondFactorRoutes implements AuthRouteSet {
  readonly routes = {
    'POST second-factor': (request: DoorRequest): Promise<DoorResponse> => this.complete(request),
    'GET second-factor': (request: DoorRequest): Promise<DoorResponse> => this.asCaller(request, (context) => this.secondFactor.status(context)),
    'POST second-factor/begin': async (request: DoorRequest): Promise<DoorResponse> => {
      await readAuthBody(request);
      return this.asCaller(request, (context) => this.secondFactor.begin(context));
    },
    'POST second-factor/confirm': (request: DoorRequest): Promise<DoorResponse> =>
      this.withCode(request, async (context, code) => ({ recoveryCodes: await this.secondFactor.confirm(context, code) })),
    'POST second-factor/recovery-codes': (request: DoorRequest): Promise<DoorResponse> =>
      this.withCode(request, async (context, code) => ({ recoveryCodes: await this.secondFactor.renewRecoveryCodes(context, code) })),
    'POST second-factor/turn-off': (request: DoorRequest): Promise<DoorResponse> => this.withCode(request, async (context, code) => {
      await this.secondFactor.turnOff(context, code);
      return {};
    }),
  };

  constructor(
    @Inject(Authenticator) private readonly authenticator: Authenticator,
    @Inject(Database) private readonly database: Database,
    @Inject(SecondFactorService) private readonly secondFactor: SecondFactorService,
  ) {}

  private async complete(request: DoorRequest): Promise<DoorResponse> {
    const { ticket, code, as } = parseInput(SECOND_STEP, await readAuthBody(request));
    return signedInResponse({ token: await this.secondFactor.complete(ticket, code, deviceOf(request), request.requestId) }, as);
  }

  private async withCode(request: DoorRequest, work: (context: RequestContext, code: string) => Promise<object>): Promise<DoorResponse> {
    const { code } = parseInput(WITH_CODE, await readAuthBody(request));
    return this.asCaller(request, (context) => work(context, code));
  }

  private async asCaller(request: DoorRequest, work: (context: RequestContext) => Promise<object>): Promise<DoorResponse> {
    const context = await this.authenticator.authenticateForSetup(request);
    try {
      return jsonResponse(200, await work(context));
    } finally {
      await this.database.end(context);
    }
  }
}
