import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { RequestContext } from '../../../common/request-context.js';
import { parseInput } from '../../../common/validation.js';
import { Database } from '../../../infrastructure/database/database.js';
import { Authenticator } from '../../../protocols/http/authenticator.js';
import { jsonResponse, type DoorRequest, type DoorResponse } from '../../../protocols/http/door.js';
import { addressKey, RateLimiter } from '../../rate-limits/rate-limiter.service.js';
import { AuthRoutes, readAuthBody, type AuthRouteSet } from '../auth-routes.js';
import { deviceOf } from '../session-device.js';
import { SIGN_IN_AS, signedInResponse } from '../signed-in.js';
import { PasskeySignIn } from './passkey-sign-in.service.js';
import { PasskeyService } from './passkey.service.js';

const BY_ADDRESS = { name: 'passkey-address', points: 200, seconds: 900 };
const ANSWER = z.object({ attempt: z.string().min(1).max(1_000), response: z.looseObject({ id: z.string().max(2_000), response: z.looseObject({}) }) });
const ADDED = ANSWER.extend({ name: z.string().max(300) });
const SIGN_IN = ANSWER.extend({ as: SIGN_IN_AS, workspace: z.string().regex(/^[a-z0-9-]{2,63}$/).nullish() });

/** What browsers ask and answer about passkeys, below /api/auth/passkey. */
@Injectable()
@AuthRoutes()
export class PasskeyRoutes implements AuthRouteSet {
  readonly routes = {
    'POST passkey/sign-in-options': (request: DoorRequest): Promise<DoorResponse> => this.begin(request),
    'POST passkey/sign-in': (request: DoorRequest): Promise<DoorResponse> => this.signIn(request),
    'POST passkey/registration-options': (request: DoorRequest): Promise<DoorResponse> => this.asMember(request, (context) => this.passkeys.begin(context)),
    'POST passkey/registration': (request: DoorRequest): Promise<DoorResponse> => this.register(request),
  };

  constructor(
    @Inject(Authenticator) private readonly authenticator: Authenticator,
    @Inject(Database) private readonly database: Database,
    @Inject(RateLimiter) private readonly limiter: RateLimiter,
    @Inject(PasskeyService) private readonly passkeys: PasskeyService,
    @Inject(PasskeySignIn) private readonly signIns: PasskeySignIn,
  ) {}

  private async begin(request: DoorRequest): Promise<DoorResponse> {
    await readAuthBody(request);
    await this.limiter.consume(BY_ADDRESS, addressKey(request.ip));
    return jsonResponse(200, await this.signIns.begin());
  }

  private async signIn(request: DoorRequest): Promise<DoorResponse> {
    const { attempt, response, as, workspace } = parseInput(SIGN_IN, await readAuthBody(request));
    await this.limiter.consume(BY_ADDRESS, addressKey(request.ip));
    return signedInResponse({ token: await this.signIns.finish(attempt, response, workspace ?? null, deviceOf(request), request.requestId) }, as);
  }

  private async register(request: DoorRequest): Promise<DoorResponse> {
    const { attempt, response, name } = parseInput(ADDED, await readAuthBody(request));
    return this.asMember(request, async (context) => {
      const { id } = await this.passkeys.add(context, attempt, response, name);
      return { id, name };
    });
  }

  private async asMember(request: DoorRequest, work: (context: RequestContext) => Promise<object>): Promise<DoorResponse> {
    await readAuthBody(request);
    const context = await this.authenticator.authenticate(request);
    try {
      return jsonResponse(200, await work(context));
    } finally {
      await this.database.end(context);
    }
  }
}
