import { isIP } from 'node:net';
import { bareHost } from '../../../common/public-address.js';

/** The site that passkeys are bound to (RP id and origin of WebAuthn). */
export interface PasskeySite {
  readonly id: string;
  readonly origin: string;
}

/** Null where there can be no passkeys: browsers bind them to a name, never to a bare address. */
export function passkeySite({ publicUrl }: { readonly publicUrl: string | null }): PasskeySite | null {
  if (publicUrl === null) return null;
  const { hostname, origin } = new URL(publicUrl);
  return isIP(bareHost(hostname)) === 0 ? { id: hostname, origin } : null;
}
