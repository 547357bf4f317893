import { BlockList, isIP, type LookupFunction } from 'node:net';

/** Ranges of IPv4 that are not the public internet: private, shared, loopback, link-local with the metadata of clouds, documentation, multicast. */
const CLOSED_4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.0.0.0', 24], ['192.0.2.0', 24],
  ['192.88.99.0', 24], ['192.168.0.0', 16], ['198.18.0.0', 15], ['198.51.100.0', 24], ['203.0.113.0', 24], ['224.0.0.0', 4], ['240.0.0.0', 4],
];
/** Of the one range of IPv6 that is given out: protocols with Teredo, documentation, and 6to4, which carries an IPv4 address. */
const CLOSED_6: readonly (readonly [string, number])[] = [['2001::', 23], ['2001:db8::', 32], ['2002::', 16], ['3fff::', 20]];

const closed = new BlockList();
for (const [address, bits] of CLOSED_4) closed.addSubnet(address, bits, 'ipv4');
for (const [address, bits] of CLOSED_6) closed.addSubnet(address, bits, 'ipv6');
/** Everything else of IPv6 is refused, so that mapped, compatible and translated (NAT64) addresses need no list. */
const givenOut = new BlockList();
givenOut.addSubnet('2000::', 3, 'ipv6');

/** Whether the address is one of a single machine of the public internet. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !closed.check(address, 'ipv4');
  return family === 6 && !address.includes('%') && givenOut.check(address, 'ipv6') && !closed.check(address, 'ipv6');
}

/** The host of a URL without the brackets of IPv6. */
export const bareHost = (host: string): string => host.replace(/^\[|\]$/g, '').toLowerCase();

/** Whether the host is this very machine by its name or number. */
export function isLoopbackHost(host: string): boolean {
  const name = bareHost(host).replace(/\.$/, '');
  return name === 'localhost' || name.endsWith('.localhost') || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'));
}

interface Found {
  readonly address: string;
  readonly family: number;
}
/** Asks for all addresses of a name, as `lookup` of node:dns does. */
export type Resolve = (host: string, options: object & { readonly all: true }, done: (error: Error | null, found: Found[]) => void) => void;

/** A name that has an address which is not public. */
export class NotPublicError extends Error {
  constructor(readonly host: string) {
    super(`${host} has an address that is not public`);
    this.name = 'NotPublicError';
  }
}

/**
 * The lookup of a connection that refuses a name as soon as one of its addresses is not public. What was checked is what is
 * connected to, so that an answer which changes between a check and the connection changes nothing.
 */
export const publicLookup = (resolve: Resolve): LookupFunction => (host, options, done) => {
  resolve(host, { ...options, all: true }, (error, found) => {
    const wrong = error ?? (found.length === 0 || !found.every(({ address }) => isPublicAddress(address)) ? new NotPublicError(host) : null);
    if (wrong) return done(wrong, '', 0);
    if (options.all) return (done as unknown as (error: null, all: Found[]) => void)(null, found);
    done(null, found[0]!.address, found[0]!.family);
  });
};
