/** Whose bearer tokens open Perch beside its own. */
export interface TokenIssuer {
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUrl: string;
  /** Key of HS256; null where the issuer signs with keys of its own. */
  readonly secret: string | null;
  /** Whether the issuer gives tokens only to those who have confirmed their address; otherwise the token has to say so. */
  readonly confirmsEmails: boolean;
}

/** Where people sign in with their account of another system, by OpenID Connect. */
export interface SingleSignOn {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** What the button on the sign-in page says. */
  readonly label: string;
  /** Domains of the addresses that may sign in; all where there is none. */
  readonly emailDomains: readonly string[];
}

/** The ways of signing in beside those of Perch itself; null where there is none such. */
export interface SignInSettings {
  readonly tokenIssuer: TokenIssuer | null;
  readonly singleSignOn: SingleSignOn | null;
}

type Get = (name: string) => string | null;

export const EMAIL_PROOFS = ['verified-claim', 'confirmed-by-issuer'] as const;

/** Domains in small letters, or null where the text is no list of them. */
export function parseEmailDomains(text: string): string[] | null {
  const domains = text.split(',').map((domain) => domain.trim().toLowerCase());
  return domains.every((domain) => /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(domain)) ? domains : null;
}

function readTokenIssuer(get: Get): TokenIssuer | null {
  const issuer = get('TOKEN_ISSUER');
  if (issuer === null) return null;
  return {
    issuer, audience: get('TOKEN_AUDIENCE')!, secret: get('TOKEN_SECRET'), confirmsEmails: get('TOKEN_EMAILS') === 'confirmed-by-issuer',
    jwksUrl: get('TOKEN_JWKS_URL') ?? `${issuer.replace(/\/$/, '')}/.well-known/jwks.json`,
  };
}

function readSingleSignOn(get: Get): SingleSignOn | null {
  const issuer = get('OIDC_ISSUER');
  if (issuer === null) return null;
  const domains = get('OIDC_EMAIL_DOMAINS');
  return { issuer, clientId: get('OIDC_CLIENT_ID')!, clientSecret: get('OIDC_CLIENT_SECRET')!, label: get('OIDC_LABEL')!, emailDomains: domains === null ? [] : parseEmailDomains(domains)! };
}

export const readSignIn = (get: Get): SignInSettings => ({ tokenIssuer: readTokenIssuer(get), singleSignOn: readSingleSignOn(get) });
