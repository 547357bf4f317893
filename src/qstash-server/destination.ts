import { lookup as resolve } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { ContractError } from './contract-error.js';

const MAX_LENGTH = 8_000;
const PRIVATE_4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.0.0.0', 24], ['192.0.2.0', 24],
  ['192.88.99.0', 24], ['192.168.0.0', 16], ['198.18.0.0', 15], ['198.51.100.0', 24], ['203.0.113.0', 24], ['224.0.0.0', 4], ['240.0.0.0', 4],
];
const PRIVATE_6: readonly (readonly [string, number])[] = [
  ['::', 96], ['::ffff:0:0', 96], ['64:ff9b::', 96], ['64:ff9b:1::', 48], ['100::', 64], ['2001::', 23], ['2001:db8::', 32], ['2002::', 16], ['fc00::', 7], ['fe80::', 9], ['ff00::', 8],
];
const blocked = new BlockList();
for (const [address, bits] of PRIVATE_4) blocked.addSubnet(address, bits, 'ipv4');
for (const [address, bits] of PRIVATE_6) blocked.addSubnet(address, bits, 'ipv6');

const bare = (host: string): string => host.replace(/^\[|\]$/g, '').toLowerCase();

/** Whether an address is in a range that is not the public internet. */
export const isPrivateAddress = (address: string): boolean => blocked.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');

export function isLoopbackHost(host: string): boolean {
  const name = bare(host);
  return name === 'localhost' || name.endsWith('.localhost') || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'));
}

/** Resolves a name and refuses it when one of its addresses is private: what was checked is what is connected to. */
export const publicLookup: LookupFunction = (host, options, done) => {
  resolve(host, { ...options, all: true }, (error, found) => {
    const wrong = error ?? (found.some(({ address }) => isPrivateAddress(address)) ? new Error(`${host} has an address that is not public`) : null);
    if (wrong) return done(wrong, '', 0);
    if (options.all) return (done as unknown as (error: null, all: typeof found) => void)(null, found);
    done(null, found[0]!.address, found[0]!.family);
  });
};

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
    const host = bare(url.hostname);
    const isPrivate = isLoopbackHost(host) || (isIP(host) !== 0 && isPrivateAddress(host));
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
