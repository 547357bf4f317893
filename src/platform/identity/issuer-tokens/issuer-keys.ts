import type { CryptoKey, FlattenedJWSInput, JWSHeaderParameters } from 'jose';
import type { Clock } from '../../../common/clock.js';
import { DomainError } from '../../../common/errors.js';

const PATIENCE_MS = 4_000;
/** How long an endpoint that did not answer is left alone. */
const REST_MS = 30_000;
const MAX_AGE_MS = 600_000;

type RemoteKeySet = ReturnType<typeof import('jose').createRemoteJWKSet>;

const unavailable = (): DomainError =>
  new DomainError('ISSUER_UNAVAILABLE', 'The keys of the issuer of this token cannot be read at the moment. Try again in a minute.', 503, true, { retryAfter: REST_MS / 1_000 });

/**
 * The public keys of an issuer. They are read again after ten minutes and, at most every half minute, for a key that is not
 * known. While the endpoint does not answer, those that are known work on, and nobody waits for it but the first who asks.
 */
export class IssuerKeys {
  private remote: Promise<RemoteKeySet> | null = null;
  private restsUntil = 0;

  constructor(
    private readonly url: string,
    private readonly clock: Clock,
    private readonly maxAge = MAX_AGE_MS,
  ) {}

  /** The key that signed. Throws jose's JWKSNoMatchingKey where the issuer has none such, and ISSUER_UNAVAILABLE. */
  async find(header: JWSHeaderParameters, token: FlattenedJWSInput): Promise<CryptoKey> {
    const { errors } = await import('jose');
    const remote = await (this.remote ??= this.open());
    if (this.clock.now().getTime() < this.restsUntil) return this.findKnown(remote, header, token);
    try {
      return await remote(header, token);
    } catch (error) {
      // Of an answer of the issuer, these are what the token got wrong; anything else is an endpoint that gives no keys.
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys || error instanceof errors.JOSENotSupported) throw error;
      this.restsUntil = this.clock.now().getTime() + REST_MS;
      return this.findKnown(remote, header, token);
    }
  }

  private async open(): Promise<RemoteKeySet> {
    const { createRemoteJWKSet } = await import('jose');
    return createRemoteJWKSet(new URL(this.url), { timeoutDuration: PATIENCE_MS, cooldownDuration: REST_MS, cacheMaxAge: this.maxAge });
  }

  private async findKnown(remote: RemoteKeySet, header: JWSHeaderParameters, token: FlattenedJWSInput): Promise<CryptoKey> {
    const { createLocalJWKSet, errors } = await import('jose');
    const known = remote.jwks();
    if (!known) throw unavailable();
    return createLocalJWKSet(known)(header, token).catch((error: unknown) => {
      throw error instanceof errors.JWKSNoMatchingKey ? unavailable() : error;
    });
  }
}
