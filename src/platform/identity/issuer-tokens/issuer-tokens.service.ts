import { Inject, Injectable } from '@nestjs/common';
import type { JWTPayload } from 'jose';
import { z } from 'zod';
import { Clock } from '../../../common/clock.js';
import { DomainError, unauthenticated } from '../../../common/errors.js';
import { RequestContext } from '../../../common/request-context.js';
import { ENVIRONMENT } from '../../../config/environment.token.js';
import type { Environment } from '../../../config/environment.js';
import type { TokenIssuer } from '../../../config/sign-in.js';
import { Database } from '../../../infrastructure/database/database.js';
import { AccountDirectory, type Account } from '../account-directory.service.js';
import { IssuerKeys } from './issuer-keys.js';

/** Seconds by which two clocks may differ. */
const TOLERANCE = 5;
/** What can be checked with a public key; `none` and HMAC with that key as a secret are not among them. */
const ASYMMETRIC = ['ES256', 'RS256'];

const CLAIMS = z.object({
  email: z.email().max(320),
  email_verified: z.boolean().optional(),
  user_metadata: z.object({ email_verified: z.boolean().optional() }).optional(),
  is_anonymous: z.boolean().optional(),
  /** Supabase tells by `aal2`, others by `mfa` in `amr`, that a second factor was used. */
  aal: z.string().optional(),
  amr: z.array(z.union([z.string(), z.object({ method: z.string() }).transform(({ method }) => method)])).optional(),
});
type Claims = z.output<typeof CLAIMS>;

const invalidToken = (): DomainError => unauthenticated('The token is not valid.');

/** The address of a token is its holder's only where somebody vouches for it. */
function isVerified({ email_verified: verified, user_metadata: metadata }: Claims, { confirmsEmails }: TokenIssuer): boolean {
  if (verified === false || metadata?.email_verified === false) return false;
  // What stands in user_metadata can be written by the user, so that it can say no and never yes.
  return verified === true || confirmsEmails;
}

/** Lets in who holds a bearer token (JWT) of the configured issuer, as the member with the token's address. It makes no accounts. */
@Injectable()
export class IssuerTokens {
  private readonly issuer: TokenIssuer | null;
  private readonly keys: IssuerKeys | null;

  constructor(
    @Inject(ENVIRONMENT) environment: Environment,
    @Inject(Clock) clock: Clock,
    @Inject(Database) private readonly database: Database,
    @Inject(AccountDirectory) private readonly accounts: AccountDirectory,
  ) {
    this.issuer = environment.tokenIssuer;
    this.keys = this.issuer && new IssuerKeys(this.issuer.jwksUrl, clock);
  }

  /** Whether the text is to be read as such a token. */
  accepts(token: string): boolean {
    return this.issuer !== null && /^[\w-]+\.[\w-]+\.[\w-]*$/.test(token);
  }

  /**
   * The call of the token's holder in the workspace of the slug, or in their oldest one. Throws UNAUTHENTICATED for every token
   * that is not right, SECOND_FACTOR_REQUIRED, ISSUER_UNAVAILABLE.
   */
  async authenticate(token: string, workspace: string | null, requestId: string): Promise<RequestContext> {
    const claims = await this.verify(token);
    const account = await this.accounts.byEmail(claims.email);
    const membership = account && (await this.accounts.membership(account.id, workspace));
    if (!account || !membership) throw unauthenticated('Nobody with the address of this token is a member of this workspace.');
    const context = new RequestContext(membership.workspaceId, { type: 'user', id: account.id }, membership.role, null, requestId);
    await this.requireSecondFactor(context, account, claims);
    return context;
  }

  private async verify(token: string): Promise<Claims> {
    const parsed = CLAIMS.safeParse(await this.signedClaims(token));
    if (!parsed.success || parsed.data.is_anonymous === true || !isVerified(parsed.data, this.issuer!)) throw unauthenticated('The token names no verified e-mail address.');
    return parsed.data;
  }

  private async signedClaims(token: string): Promise<JWTPayload> {
    const { decodeProtectedHeader, jwtVerify } = await import('jose');
    const { issuer, audience, secret } = this.issuer!;
    const options = { issuer, audience, clockTolerance: TOLERANCE, requiredClaims: ['exp'] };
    try {
      if (secret !== null && decodeProtectedHeader(token).alg === 'HS256') {
        return (await jwtVerify(token, Buffer.from(secret), { ...options, algorithms: ['HS256'] })).payload;
      }
      return (await jwtVerify(token, (header, signed) => this.keys!.find(header, signed), { ...options, algorithms: ASYMMETRIC })).payload;
    } catch (error) {
      throw error instanceof DomainError ? error : invalidToken();
    }
  }

  /** A token must not lead around the second factor that the account has or the workspace wants. */
  private async requireSecondFactor(context: RequestContext, { hasSecondFactor }: Account, { aal, amr = [] }: Claims): Promise<void> {
    if (aal === 'aal2' || amr.includes('mfa')) return;
    const [workspace] = await this.database.read(context, (manager) => manager.query<{ required: boolean }[]>('SELECT second_factor_required AS required FROM workspace WHERE id = $1', [context.workspace]));
    if (!hasSecondFactor && workspace?.required === false) return;
    await this.database.end(context);
    throw new DomainError('SECOND_FACTOR_REQUIRED', 'Sign in with a second factor where this token comes from.', 403);
  }
}
