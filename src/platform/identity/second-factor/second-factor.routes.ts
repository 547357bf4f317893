import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { RequestContext } from '../../../common/request-context.js';
import { Database } from '../../../infrastructure/database/database.js';
import { Authenticator } from '../../../protocols/http/authenticator.js';
import { jsonResponse, type DoorRequest, type DoorResponse } from '../../../protocols/http/door.js';
import { AuthRoutes, readCredentials } from '../auth-routes.js';
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
export class SecondFactorRoutes {
  constructor(
    @Inject(AuthRoutes) routes: AuthRoutes,
    @Inject(Authenticator) private readonly authenticator: Authenticator,
    @Inject(Database) private readonly database: Database,
    @Inject(SecondFactorService) private readonly secondFactor: SecondFactorService,
  ) {
    routes.add('POST second-factor', (request) => this.complete(request));
    routes.add('GET second-factor', (request) => this.asCaller(request, (context) => this.secondFactor.status(context)));
    routes.add('POST second-factor/begin', async (request) => {
      await readCredentials(request, z.object({}));
      return this.asCaller(request, (context) => this.secondFactor.begin(context));
    });
    routes.add('POST second-factor/confirm', (request) => this.withCode(request, async (context, code) => ({ recoveryCodes: await this.secondFactor.confirm(context, code) })));
    routes.add('POST second-factor/recovery-codes', (request) => this.withCode(request, async (context, code) => ({ recoveryCodes: await this.secondFactor.renewRecoveryCodes(context, code) })));
    routes.add('POST second-factor/turn-off', (request) => this.withCode(request, async (context, code) => {
      await this.secondFactor.turnOff(context, code);
      return {};
    }));
  }

  private async complete(request: DoorRequest): Promise<DoorResponse> {
    const { ticket, code, as } = await readCredentials(request, SECOND_STEP);
    return signedInResponse({ token: await this.secondFactor.complete(ticket, code, request.requestId) }, as);
  }

  private async withCode(request: DoorRequest, work: (context: RequestContext, code: string) => Promise<object>): Promise<DoorResponse> {
    const { code } = await readCredentials(request, WITH_CODE);
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
