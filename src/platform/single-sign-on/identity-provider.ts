import type { Configuration, IDToken } from 'openid-client';
import { isLoopbackUrl } from '../../common/safe-url.js';
import type { SingleSignOn } from '../../config/sign-in.js';

const TIMEOUT_SECONDS = 8;
const SCOPE = 'openid email profile';

/** What has to come back from the provider unchanged, and what only Perch knows until then. */
export interface Attempt {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** The one provider of OpenID Connect that is set: authorization code flow with PKCE, state and nonce. */
export class IdentityProvider {
  private found: Promise<Configuration> | null = null;

  constructor(
    private readonly settings: SingleSignOn,
    private readonly redirectUri: string,
  ) {}

  async newAttempt(): Promise<Attempt> {
    const { randomNonce, randomPKCECodeVerifier, randomState } = await import('openid-client');
    return { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier() };
  }

  /** The address at the provider where the attempt goes on. */
  async authorizationUrl({ state, nonce, verifier }: Attempt): Promise<URL> {
    const { buildAuthorizationUrl, calculatePKCECodeChallenge } = await import('openid-client');
    return buildAuthorizationUrl(await this.configuration(), {
      redirect_uri: this.redirectUri, scope: SCOPE, state, nonce, code_challenge: await calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
    });
  }

  /**
   * What the provider says of who has come back, by the parameters of their return. Throws where state, nonce, issuer, signature
   * or anything else of the answer is not that of the attempt.
   */
  async claims(returned: URLSearchParams, { state, nonce, verifier }: Attempt): Promise<IDToken> {
    const { authorizationCodeGrant } = await import('openid-client');
    const url = new URL(this.redirectUri);
    // A rewrite adds its own parameter to the address.
    for (const [name, value] of returned) if (name !== 'route') url.searchParams.append(name, value);
    const tokens = await authorizationCodeGrant(await this.configuration(), url, { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true });
    return tokens.claims()!;
  }

  private configuration(): Promise<Configuration> {
    this.found ??= this.discover().catch((error: unknown) => {
      this.found = null;
      throw error;
    });
    return this.found;
  }

  private async discover(): Promise<Configuration> {
    const { allowInsecureRequests, discovery, enableNonRepudiationChecks } = await import('openid-client');
    const { issuer, clientId, clientSecret } = this.settings;
    // Signatures of ID tokens are checked though they come straight from the provider over TLS.
    const execute = [enableNonRepudiationChecks, ...(isLoopbackUrl(issuer) ? [allowInsecureRequests] : [])];
    return discovery(new URL(issuer), clientId, clientSecret, undefined, { execute, timeout: TIMEOUT_SECONDS });
  }
}
