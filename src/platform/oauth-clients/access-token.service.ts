import { Inject, Injectable } from '@nestjs/common';
import { newId } from '../../common/ids.js';
import { systemContext } from '../../common/request-context.js';
import { formatToken, newSecret, sha256 } from '../../common/secrets.js';
import { Database } from '../../infrastructure/database/database.js';
import { ACCESS_TOKEN_PREFIX } from '../identity/access-token.js';
import { addressKey, RateLimiter } from '../rate-limits/rate-limiter.service.js';
import { parseClientId } from './client-id.js';
import { OAuthError } from './oauth-error.js';
import type { TokenRequest } from './token-request.js';

export const TOKEN_SECONDS = 3_600;

/** A token is good for an hour: a program that asks more often than this does something wrong. */
const BY_CLIENT = { name: 'oauth-token-client', points: 60, seconds: 900 };
const BY_ADDRESS = { name: 'oauth-token-address', points: 300, seconds: 900 };

/** A client of somebody who has left or was disabled gets nothing. */
const FIND = `
SELECT c.scopes FROM oauth_client c
JOIN membership m ON m.workspace_id = c.workspace_id AND m.user_id = c.created_by
JOIN user_account u ON u.id = c.created_by AND u.disabled_at IS NULL
WHERE c.workspace_id = $1 AND c.id = $2 AND c.secret_hash = $3 AND c.revoked_at IS NULL FOR NO KEY UPDATE OF c`;

export interface IssuedToken {
  readonly token: string;
  readonly scopes: readonly string[];
}

const invalidClient = (): OAuthError => new OAuthError('invalid_client', 'There is no such client, its secret is wrong, or it was revoked.');

/** Gives tokens for an hour to clients that know their secret. */
@Injectable()
export class AccessTokens {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(RateLimiter) private readonly limiter: RateLimiter,
  ) {}

  /** Throws OAuthError, and TOO_MANY_REQUESTS for each address and, from there, each client. */
  async issue({ clientId, secret, scopes: wanted }: TokenRequest, ip: string, requestId: string): Promise<IssuedToken> {
    await this.limiter.consume(BY_ADDRESS, addressKey(ip));
    const place = parseClientId(clientId);
    if (!place) throw invalidClient();
    await this.limiter.consume(BY_CLIENT, `${addressKey(ip)} ${clientId}`);
    return this.database.write(systemContext(place.workspaceId, requestId), async (manager) => {
      const [client] = await manager.query<{ scopes: string[] }[]>(FIND, [place.workspaceId, place.id, sha256(secret)]);
      if (!client) throw invalidClient();
      const scopes = wanted ?? client.scopes;
      if (scopes.length === 0 || !scopes.every((scope) => client.scopes.includes(scope))) throw new OAuthError('invalid_scope', 'The client does not hold one of these scopes.');
      const token = formatToken(ACCESS_TOKEN_PREFIX, place.workspaceId, newSecret());
      await manager.query('DELETE FROM access_token WHERE workspace_id = $1 AND oauth_client_id = $2 AND expires_at < now()', [place.workspaceId, place.id]);
      await manager.query('INSERT INTO access_token (id, workspace_id, oauth_client_id, token_hash, scopes, expires_at) VALUES ($1, $2, $3, $4, $5, now() + make_interval(secs => $6))',
        [newId(), place.workspaceId, place.id, sha256(token), scopes, TOKEN_SECONDS]);
      await manager.query('UPDATE oauth_client SET last_used_at = now() WHERE workspace_id = $1 AND id = $2', [place.workspaceId, place.id]);
      return { token, scopes };
    });
  }
}
