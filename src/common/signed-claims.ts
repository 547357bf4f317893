import { keyedHash, sameSecret } from './secrets.js';

/** What is signed for one purpose is worth nothing for another under the same secret. */
const signatureOf = (secret: string, purpose: string, text: string): string => keyedHash(secret, `${purpose}\n${text}`);

/** Claims as a text that nobody can change: `<base64url of the JSON>.<HMAC-SHA-256>`. Whoever holds it can read it. */
export function signClaims(secret: string, purpose: string, claims: object): string {
  const text = Buffer.from(JSON.stringify(claims)).toString('base64url');
  return `${text}.${signatureOf(secret, purpose, text)}`;
}

/** The claims of `signClaims`; null where the text was not signed with this secret for this purpose. */
export function readClaims(secret: string, purpose: string, token: string): unknown {
  const [text, signature, ...rest] = token.split('.');
  if (!text || !signature || rest.length > 0 || !sameSecret(signature, signatureOf(secret, purpose, text))) return null;
  return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
}
