import { isIP } from 'node:net';
import { bareHost, isLoopbackHost, isPublicAddress } from '../common/public-address.js';
import { ContractError } from './contract-error.js';

const MAX_LENGTH = 8_000;

/** Where a delivery connects to. */
export interface Target {
  readonly url: URL;
  /** The Host header, which a sink gets from the original address. */
  readonly host: string;
  readonly trusted: boolean;
}

/** Which destinations this server delivers to. */
export class DestinationPolicy {
  constructor(
    /** Origins, and the words `loopback` and `private` for all addresses of that kind. */
    private readonly allowed: readonly string[],
    private readonly sink: URL | null,
  ) {}

  get hasSink(): boolean {
    return this.sink !== null;
  }

  /** Checks where a message shall go. Throws 400 for what is not an http(s) address, 403 for an address that is not public and not allowed. */
  check(text: string): string {
    if (text.length > MAX_LENGTH) throw new ContractError(400, `invalid destination url: more than ${MAX_LENGTH} characters`);
    if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) throw new ContractError(400, `invalid destination url: "${text.slice(0, 200)}" needs http:// or https:// in front`);
    const url = new URL(text);
    const host = bareHost(url.hostname);
    const isPrivate = isLoopbackHost(host) || (isIP(host) !== 0 && !isPublicAddress(host));
    if (isPrivate && !this.trusts(url) && !(this.sink && !isLoopbackHost(host))) {
      throw new ContractError(403, `this server does not deliver to ${url.origin}: it is not public; name it in QSTASH_ALLOWED_ORIGINS`);
    }
    return text;
  }

  /** Where to connect to for a delivery to `text`. Throws as check does. */
  target(text: string): Target {
    const url = new URL(this.check(text));
    if (this.sink === null || isLoopbackHost(url.hostname)) return { url, host: url.host, trusted: this.trusts(url) };
    return { url: new URL(url.pathname + url.search, this.sink), host: url.host, trusted: true };
  }

  private trusts(url: URL): boolean {
    return this.allowed.includes(url.origin) || this.allowed.includes('private') || (this.allowed.includes('loopback') && isLoopbackHost(url.hostname));
  }
}
