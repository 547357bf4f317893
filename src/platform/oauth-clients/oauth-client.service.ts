import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { notFound } from '../../common/errors.js';
import { newId } from '../../common/ids.js';
import type { RequestContext } from '../../common/request-context.js';
import { newSecret, sha256 } from '../../common/secrets.js';
import { parseInput, shortText } from '../../common/validation.js';
import { Database } from '../../infrastructure/database/database.js';
import { AuditLog } from '../audit-log/audit-log.service.js';
import { requireHeldScopes } from '../identity/held-scopes.js';
import { requireUser } from '../identity/session.service.js';
import { OAuthClient } from './oauth-client.entity.js';

const INPUT = z.object({ name: shortText, scopes: z.array(z.string().max(80)).min(1).max(50) });

export interface NewOAuthClient {
  readonly client: OAuthClient;
  /** This is the only time that it can be seen. */
  readonly secret: string;
}

/** Makes and revokes OAuth clients. A client never holds more than the person who made it. */
@Injectable()
export class OAuthClientService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AuditLog) private readonly auditLog: AuditLog,
  ) {}

  /** Throws INVALID_INPUT for an unknown scope and FORBIDDEN for one that the caller does not hold. */
  async create(context: RequestContext, input: z.input<typeof INPUT>): Promise<NewOAuthClient> {
    const createdBy = requireUser(context);
    const { name, scopes } = parseInput(INPUT, input);
    requireHeldScopes(context, scopes);
    const [id, secret] = [newId(), newSecret()];
    return this.database.write(context, async (manager) => {
      await manager.query('INSERT INTO oauth_client (id, workspace_id, name, secret_hash, last_four, scopes, created_by) VALUES ($1, $2, $3, $4, $5, $6, $7)',
        [id, context.workspace, name, sha256(secret), secret.slice(-4), [...new Set(scopes)], createdBy]);
      await this.auditLog.record(context, 'oauth_client.create', { type: 'oauth_client', id }, { name, scopes });
      return { client: await manager.getRepository(OAuthClient).findOneByOrFail({ id }), secret };
    });
  }

  list(context: RequestContext): Promise<OAuthClient[]> {
    return this.database.read(context, (manager) => manager.getRepository(OAuthClient).find({ order: { createdAt: 'DESC' }, take: 1_000 }));
  }

  /** Ends a client and all of its tokens at once. Throws NOT_FOUND. */
  async revoke(context: RequestContext, id: string): Promise<OAuthClient> {
    return this.database.write(context, async (manager) => {
      const result = await manager.getRepository(OAuthClient).update({ id }, { revokedAt: () => 'coalesce(revoked_at, now())' });
      if (!result.affected) throw notFound('The OAuth client');
      await manager.query('DELETE FROM access_token WHERE workspace_id = $1 AND oauth_client_id = $2', [context.workspace, id]);
      await this.auditLog.record(context, 'oauth_client.revoke', { type: 'oauth_client', id });
      return manager.getRepository(OAuthClient).findOneByOrFail({ id });
    });
  }
}
