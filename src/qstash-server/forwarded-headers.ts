import { validateHeaderName, validateHeaderValue } from 'node:http';
import { ContractError } from './contract-error.js';

export type HeaderMap = Readonly<Record<string, readonly string[]>>;

const MAX_HEADERS = 100;
const NEVER = ['host', 'authorization', 'content-length', 'connection', 'transfer-encoding', 'keep-alive', 'upgrade', 'expect', 'te', 'trailer', 'proxy-authorization', 'proxy-connection', 'user-agent', 'accept-encoding'];
const NEVER_EVEN_IF_NAMED = ['host', 'content-length', 'connection', 'transfer-encoding', 'keep-alive', 'upgrade', 'expect', 'te', 'trailer'];

/** A header's name in the form of the contract, like Content-Type. */
export const canonicalName = (name: string): string => name.toLowerCase().replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());

function checked(name: string, value: string): void {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  } catch {
    throw new ContractError(400, `the header "${name.slice(0, 100)}" cannot be sent`);
  }
}

/** What is delivered to the destination: Upstash-Forward-*, Content-Type, and all others where Upstash-Header-Forward says so. Throws 400. */
export function forwardedHeaders(headers: ReadonlyMap<string, string>): HeaderMap {
  const found: Record<string, string[]> = {};
  const all = headers.get('upstash-header-forward')?.toLowerCase() === 'true';
  for (const [name, value] of headers) {
    const named = name.startsWith('upstash-forward-') ? name.slice('upstash-forward-'.length) : null;
    if (named !== null ? NEVER_EVEN_IF_NAMED.includes(named) : name.startsWith('upstash-') || (name !== 'content-type' && (!all || NEVER.includes(name)))) continue;
    checked(named ?? name, value);
    found[canonicalName(named ?? name)] = [value];
  }
  if (Object.keys(found).length > MAX_HEADERS) throw new ContractError(400, `at most ${MAX_HEADERS} headers can be forwarded`);
  return found;
}
