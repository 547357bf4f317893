import type { DoorRequest } from '../../protocols/http/door.js';
import { OAuthError } from './oauth-error.js';

const BODY_LIMIT = 10_000;
const FORM = 'application/x-www-form-urlencoded';

export interface TokenRequest {
  readonly clientId: string;
  readonly secret: string;
  /** The scopes that are asked for; null for all that the client holds. */
  readonly scopes: readonly string[] | null;
}

interface Credentials {
  readonly clientId: string;
  readonly secret: string;
}

/** RFC 6749 has both parts encoded as in a form before they are joined. */
const decoded = (text: string): string => new URLSearchParams(`v=${text}`).get('v')!;

function basicCredentials(header: string | undefined): Credentials | null {
  const encoded = /^Basic\s+([A-Za-z0-9+/=]+)$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return null;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? null : { clientId: decoded(text.slice(0, colon)), secret: decoded(text.slice(colon + 1)) };
}

async function formOf(request: DoorRequest): Promise<Map<string, string>> {
  if (request.headers['content-type']?.split(';')[0]!.trim().toLowerCase() !== FORM) throw new OAuthError('invalid_request', `Send the request as ${FORM}.`);
  const form = new Map<string, string>();
  for (const [name, value] of new URLSearchParams((await request.body(BODY_LIMIT)).toString('utf8'))) {
    if (form.has(name)) throw new OAuthError('invalid_request', `"${name}" was sent twice.`);
    if (value !== '') form.set(name, value);
  }
  return form;
}

/** Reads a request for a token (RFC 6749, sections 2.3.1 and 4.4.2). Throws OAuthError. */
export async function readTokenRequest(request: DoorRequest): Promise<TokenRequest> {
  const form = await formOf(request);
  const grant = form.get('grant_type');
  if (grant === undefined) throw new OAuthError('invalid_request', '"grant_type" is missing.');
  if (grant !== 'client_credentials') throw new OAuthError('unsupported_grant_type', 'The one grant that is given here is client_credentials.');
  const basic = basicCredentials(request.headers.authorization);
  const [clientId, secret] = [form.get('client_id'), form.get('client_secret')];
  if (basic && (secret !== undefined || (clientId !== undefined && clientId !== basic.clientId))) throw new OAuthError('invalid_request', 'Send the credentials in the header or in the body, not in both.');
  const credentials = basic ?? (clientId !== undefined && secret !== undefined ? { clientId, secret } : null);
  if (!credentials) throw new OAuthError('invalid_client', 'Send client_id and client_secret, by HTTP Basic or in the body.');
  return { ...credentials, scopes: form.get('scope')?.split(' ').filter((scope) => scope !== '') ?? null };
}
