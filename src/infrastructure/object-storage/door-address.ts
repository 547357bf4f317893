import { z } from 'zod';
import { isId } from '../../common/ids.js';
import { readClaims, signClaims } from '../../common/signed-claims.js';
import { isObjectKey, type ObjectPlace } from './object-key.js';
import type { DownloadTerms, SignedUpload, UploadTerms } from './object-storage.js';

const place = { workspaceId: z.string().refine(isId), key: z.string().refine(isObjectKey), expires: z.int() };
const CLAIMS = z.discriminatedUnion('method', [
  z.object({ method: z.literal('GET'), ...place, fileName: z.string(), contentType: z.string() }),
  z.object({ method: z.literal('PUT'), ...place, size: z.int(), sha256: z.hex().length(64), contentType: z.string() }),
]);

/** What a signed address allows: one request, to one object, until `expires` (milliseconds since 1970). */
export type DoorClaims = z.output<typeof CLAIMS>;
export type DownloadClaims = Extract<DoorClaims, { method: 'GET' }>;
export type UploadClaims = Extract<DoorClaims, { method: 'PUT' }>;

const PURPOSE = 'perch object address 1';

/** Signs addresses that Perch's own door answers, for storage that nobody else can reach. */
export class DoorAddresses {
  /** `secret` may be null where nothing will be signed; `publicUrl` null makes addresses without a host. */
  constructor(
    private readonly secret: string | null,
    private readonly publicUrl: string | null,
    private readonly now: () => Date,
  ) {}

  download({ workspaceId, key }: ObjectPlace, { lifetime, fileName, contentType }: DownloadTerms): string {
    return this.address({ method: 'GET', workspaceId, key, expires: this.expiry(lifetime), fileName, contentType });
  }

  upload({ workspaceId, key }: ObjectPlace, { lifetime, size, sha256, contentType }: UploadTerms): SignedUpload {
    const expires = this.expiry(lifetime);
    const url = this.address({ method: 'PUT', workspaceId, key, expires, size, sha256: sha256.toString('hex'), contentType });
    return { method: 'PUT', url, headers: { 'content-type': contentType }, expiresAt: new Date(expires) };
  }

  /** What the token allows; null where it was not signed here or its time is over. */
  verify(token: string): DoorClaims | null {
    const signed = readClaims(this.key(), PURPOSE, token);
    if (signed === null) return null;
    const claims = CLAIMS.parse(signed);
    return claims.expires > this.now().getTime() ? claims : null;
  }

  private expiry(lifetime: number): number {
    return this.now().getTime() + lifetime * 1_000;
  }

  private address(claims: DoorClaims): string {
    return `${this.publicUrl ?? ''}/api/files/signed/${signClaims(this.key(), PURPOSE, claims)}`;
  }

  private key(): string {
    if (this.secret === null) throw new Error('PERCH_SECRET is missing.');
    return this.secret;
  }
}
