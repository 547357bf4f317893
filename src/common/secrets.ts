import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** SHA-256 of a text or bytes. */
export const sha256 = (data: string | Buffer): Buffer => createHash('sha256').update(data).digest();

/** A random secret of 256 bits as base64url text. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** HMAC-SHA-256 of a message under a key, as base64url; used for links that must be unguessable but reproducible. */
export const keyedHash = (key: string, message: string): string => createHmac('sha256', key).update(message).digest('base64url');

/** Whether two texts are equal, in a time that does not depend on where they differ. */
export const sameSecret = (a: string, b: string): boolean => timingSafeEqual(sha256(a), sha256(b));

/**
 * Bearer secrets carry the workspace that they belong to, so that the row which holds their hash can be read under
 * row-level security: `<prefix>_<workspace id without hyphens>_<secret>`.
 */
export function formatToken(prefix: string, workspaceId: string, secret: string): string {
  return `${prefix}_${workspaceId.replaceAll('-', '')}_${secret}`;
}

export interface ParsedToken {
  readonly prefix: string;
  readonly workspaceId: string;
  readonly secret: string;
}

/** Takes a token of `formatToken` apart; null where the text is not one. */
export function parseToken(token: string): ParsedToken | null {
  const match = /^([a-z]{2,10})_([0-9a-f]{32})_([\w-]{43})$/.exec(token);
  if (!match) return null;
  const hex = match[2]!;
  const workspaceId = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  return { prefix: match[1]!, workspaceId, secret: match[3]! };
}
