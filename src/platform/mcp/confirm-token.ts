import { canonicalJson, type JsonObject } from '../../common/json.js';
import { keyedHash, sameSecret } from '../../common/secrets.js';

/** What a confirmation is for: this caller, this tool, this input and nothing else. */
export interface Confirmed {
  readonly workspaceId: string;
  readonly actorId: string | null;
  readonly tool: string;
  readonly input: JsonObject;
}

const LIFETIME_SECONDS = 600;

const macOf = (secret: string, confirmed: Confirmed, expires: string): string => keyedHash(secret, `perch mcp confirmation 1\n${expires}\n${canonicalJson({ ...confirmed })}`);

/** A short text that a caller sends back to show that it has seen what will happen. It says nothing and needs no row. */
export function confirmToken(secret: string, confirmed: Confirmed, now: Date): string {
  const expires = (Math.floor(now.getTime() / 1_000) + LIFETIME_SECONDS).toString(36);
  return `${expires}.${macOf(secret, confirmed, expires)}`;
}

/** Whether the token was given for exactly this, less than ten minutes ago. */
export function isConfirmed(secret: string, confirmed: Confirmed, token: string, now: Date): boolean {
  const [expires = '', mac = '', ...rest] = token.split('.');
  if (rest.length > 0 || !/^[0-9a-z]{1,8}$/.test(expires) || !sameSecret(mac, macOf(secret, confirmed, expires))) return false;
  return parseInt(expires, 36) * 1_000 > now.getTime();
}
