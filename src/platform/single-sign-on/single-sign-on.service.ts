import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Clock } from '../../common/clock.js';
import { DomainError, messageOf } from '../../common/errors.js';
import { isInsidePath } from '../../common/inside-path.js';
import { SecretBox } from '../../common/secret-box.js';
import { ENVIRONMENT } from '../../config/environment.token.js';
import type { Environment } from '../../config/environment.js';
import { Logger } from '../../infrastructure/logging/logger.js';
import type { SessionDevice } from '../identity/session-device.js';
import { SessionService } from '../identity/session.service.js';
import type { SignedIn } from '../identity/signed-in.js';
import { SpentValues } from '../identity/spent-values.service.js';
import { IdentityProvider, type Attempt } from './identity-provider.js';

export const CALLBACK_PATH = '/api/auth/single-sign-on/callback';
export const ATTEMPT_SECONDS = 600;
const START = '/jobs';
const PLACE = { workspaceId: null, field: 'single_sign_on.attempt' };

const ATTEMPT = z.object({ state: z.string(), nonce: z.string(), verifier: z.string(), next: z.string(), until: z.number() });
type KeptAttempt = z.output<typeof ATTEMPT>;

const PERSON = z.object({
  email: z.email().max(320),
  email_verified: z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]).optional(),
  /** How Microsoft says that the domain of the address belongs to the directory. */
  xms_edov: z.union([z.boolean(), z.literal(1), z.literal('1'), z.literal('true')]).transform((value) => value !== false).optional(),
});

/** Why nobody was signed in; the sign-in page has a sentence for each. */
export type SingleSignOnProblem = 'SSO_FAILED' | 'SSO_EXPIRED' | 'SSO_UNVERIFIED' | 'SSO_DOMAIN' | 'SSO_UNKNOWN' | 'SSO_UNAVAILABLE';

const problem = (code: SingleSignOnProblem, text: string, status = 401): DomainError => new DomainError(code, text, status);

export interface Begun {
  readonly url: URL;
  /** The sealed attempt, for a cookie. */
  readonly attempt: string;
}

/** Signs in with accounts of another system. Only an address that it has verified leads to an account, and none is made. */
@Injectable()
export class SingleSignOnService {
  private readonly provider: IdentityProvider | null;

  constructor(
    @Inject(ENVIRONMENT) private readonly environment: Environment,
    @Inject(SecretBox) private readonly box: SecretBox,
    @Inject(SessionService) private readonly sessions: SessionService,
    @Inject(SpentValues) private readonly spent: SpentValues,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Logger) private readonly logger: Logger,
  ) {
    const { singleSignOn, publicUrl } = environment;
    this.provider = singleSignOn && publicUrl !== null ? new IdentityProvider(singleSignOn, `${publicUrl}${CALLBACK_PATH}`) : null;
  }

  /** What the button on the sign-in page says; null where there is none. */
  get label(): string | null {
    return this.provider === null ? null : this.environment.singleSignOn!.label;
  }

  /** Begins an attempt that ends at a path inside Perch. Throws SSO_UNAVAILABLE. */
  async begin(next: string): Promise<Begun> {
    const provider = this.requireProvider();
    const attempt = await provider.newAttempt();
    const kept: KeptAttempt = { ...attempt, next: isInsidePath(next) ? next : START, until: this.clock.now().getTime() + ATTEMPT_SECONDS * 1_000 };
    const url = await provider.authorizationUrl(attempt).catch((error: unknown) => {
      this.logger.warn('the provider of single sign-on does not answer', { cause: messageOf(error) });
      throw problem('SSO_UNAVAILABLE', 'The sign-in of your company does not answer. Try again in a moment.', 503);
    });
    return { url, attempt: this.box.seal(JSON.stringify(kept), PLACE) };
  }

  /**
   * Ends an attempt with what the provider sent back. Throws a DomainError with a SingleSignOnProblem as its code; a state works
   * once, whatever comes of it.
   */
  async finish(returned: URLSearchParams, sealed: string | null, device: SessionDevice): Promise<{ signedIn: SignedIn; next: string }> {
    const provider = this.requireProvider();
    const { next, ...attempt } = await this.takeUp(sealed, returned.get('state'));
    const email = this.verifiedEmail(await this.claims(provider, returned, attempt));
    const signedIn = await this.sessions.admit(email, null, device);
    if (!signedIn) throw problem('SSO_UNKNOWN', 'Nobody in Perch has this address.');
    return { signedIn, next };
  }

  private requireProvider(): IdentityProvider {
    if (this.provider === null) throw new DomainError('NOT_FOUND', 'Single sign-on is not set up here.', 404);
    return this.provider;
  }

  private async takeUp(sealed: string | null, state: string | null): Promise<KeptAttempt> {
    const attempt = sealed === null ? null : this.open(sealed);
    if (!attempt || attempt.until < this.clock.now().getTime()) throw problem('SSO_EXPIRED', 'This sign-in took too long, or was begun in another browser.');
    if (state !== attempt.state || !(await this.spent.spend('single sign-on', state, ATTEMPT_SECONDS))) throw problem('SSO_EXPIRED', 'This sign-in was used already.');
    return attempt;
  }

  private open(sealed: string): KeptAttempt | null {
    try {
      return ATTEMPT.parse(JSON.parse(this.box.open(sealed, PLACE)));
    } catch {
      return null;
    }
  }

  private async claims(provider: IdentityProvider, returned: URLSearchParams, attempt: Attempt): Promise<object> {
    try {
      return await provider.claims(returned, attempt);
    } catch (error) {
      this.logger.warn('a single sign-on was refused', { cause: messageOf(error) });
      throw problem('SSO_FAILED', 'The sign-in of your company did not confirm who you are.');
    }
  }

  private verifiedEmail(claims: object): string {
    const person = PERSON.safeParse(claims);
    if (!person.success || !(person.data.email_verified ?? person.data.xms_edov ?? false)) throw problem('SSO_UNVERIFIED', 'The sign-in of your company does not vouch for your e-mail address.');
    const { emailDomains } = this.environment.singleSignOn!;
    const email = person.data.email.toLowerCase();
    if (emailDomains.length > 0 && !emailDomains.includes(email.split('@')[1]!)) throw problem('SSO_DOMAIN', 'Addresses of this domain may not sign in here.');
    return email;
  }
}
