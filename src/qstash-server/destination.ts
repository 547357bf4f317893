import { ContractError } from './contract-error.js';

/** Checks where a message shall go. Throws 400 for what is not an http(s) address, 403 for an origin that is not allowed. */
export function checkDestination(text: string, allowedOrigins: readonly string[]): string {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) throw new ContractError(400, `invalid destination url: "${text.slice(0, 200)}" needs http:// or https:// in front`);
  const { origin } = new URL(text);
  if (!allowedOrigins.includes(origin)) throw new ContractError(403, `this server does not deliver to ${origin}; name it in QSTASH_ALLOWED_ORIGINS`);
  return text;
}
