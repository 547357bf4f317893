import { Inject, Injectable } from '@nestjs/common';
import { DomainError } from '../../common/errors.js';
import { ENVIRONMENT } from '../../config/environment.token.js';
import type { Environment } from '../../config/environment.js';
import { findCookie, sessionCookie } from '../../protocols/http/cookies.js';
import { jsonResponse, type DoorRequest, type DoorResponse } from '../../protocols/http/door.js';
import { AuthRoutes, type AuthRouteSet } from '../identity/auth-routes.js';
import { passkeySite } from '../identity/passkeys/passkey-site.js';
import { deviceOf } from '../identity/session-device.js';
import { SESSION_COOKIE, SESSION_SECONDS } from '../identity/signed-in.js';
import { addressKey, RateLimiter } from '../rate-limits/rate-limiter.service.js';
import { ATTEMPT_SECONDS, SingleSignOnService } from './single-sign-on.service.js';

const ATTEMPT_COOKIE = '__Host-perch_single_sign_on';
/** Two calls a sign-in, and a whole office may share an address. */
const BY_ADDRESS = { name: 'single-sign-on-address', points: 300, seconds: 900 };
const FORGET = sessionCookie(ATTEMPT_COOKIE, '', 0);

const redirect = (location: string, cookies: readonly string[]): DoorResponse =>
  ({ status: 303, headers: { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer', 'set-cookie': cookies } });

/**
 * GET /api/auth/ways says how one can sign in; GET /api/auth/single-sign-on goes to the provider, which sends people back to its
 * callback. These are visited by browsers, so that whatever goes wrong leads to the sign-in page, which says it.
 */
@Injectable()
@AuthRoutes()
export class SingleSignOnRoutes implements AuthRouteSet {
  readonly routes = {
    'GET ways': async (): Promise<DoorResponse> => jsonResponse(200, { singleSignOn: this.service.label, passkeys: passkeySite(this.environment) !== null }),
    'GET single-sign-on': (request: DoorRequest): Promise<DoorResponse> => this.visibly(() => this.begin(request)),
    'GET single-sign-on/callback': (request: DoorRequest): Promise<DoorResponse> => this.visibly(() => this.finish(request)),
  };

  constructor(
    @Inject(SingleSignOnService) private readonly service: SingleSignOnService,
    @Inject(RateLimiter) private readonly limiter: RateLimiter,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  private async begin(request: DoorRequest): Promise<DoorResponse> {
    await this.limiter.consume(BY_ADDRESS, addressKey(request.ip));
    const { url, attempt } = await this.service.begin(request.url.searchParams.get('next') ?? '');
    return redirect(url.href, [sessionCookie(ATTEMPT_COOKIE, attempt, ATTEMPT_SECONDS)]);
  }

  private async finish(request: DoorRequest): Promise<DoorResponse> {
    await this.limiter.consume(BY_ADDRESS, addressKey(request.ip));
    const { signedIn, next } = await this.service.finish(request.url.searchParams, findCookie(request.headers.cookie, ATTEMPT_COOKIE), deviceOf(request));
    // What follows # stays in the browser.
    if ('ticket' in signedIn) return redirect(`/sign-in?next=${encodeURIComponent(next)}#ticket=${signedIn.ticket}`, [FORGET]);
    return redirect(next, [FORGET, sessionCookie(SESSION_COOKIE, signedIn.token, SESSION_SECONDS)]);
  }

  private async visibly(work: () => Promise<DoorResponse>): Promise<DoorResponse> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof DomainError) || error.code === 'NOT_FOUND') throw error;
      return redirect(`/sign-in?problem=${error.code}`, [FORGET]);
    }
  }
}
