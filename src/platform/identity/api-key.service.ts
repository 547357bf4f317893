import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { notFound } from '../../common/errors.js';
import { newId } from '../../common/ids.js';
import { declaredPermissions, ROLES } from '../../common/permission.js';
import type { RequestContext } from '../../common/request-context.js';
import { formatToken, newSecret, sha256 } from '../../common/secrets.js';
import { parseInput, shortText } from '../../common/validation.js';
import { Database } from '../../infrastructure/database/database.js';
import { AuditLog } from '../audit-log/audit-log.service.js';
import { ApiKey } from './api-key.entity.js';
import { requireHeldScopes } from './held-scopes.js';
import { requireUser } from './session.service.js';

export const API_KEY_PREFIX = 'perch';
const MAX_DAYS = 366;

const INPUT = z.object({ name: shortText, scopes: z.array(z.string().max(80)).min(1).max(50), days: z.int().min(1).max(MAX_DAYS) });

export interface NewApiKey {
  readonly key: ApiKey;
  /** The secret; this is the only time that it can be seen. */
  readonly token: string;
}

/** Makes and revokes API keys. A key never holds more than the person who made it. */
@Injectable()
export class ApiKeyService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AuditLog) private readonly auditLog: AuditLog,
  ) {}

  /** Throws INVALID_INPUT for an unknown scope and FORBIDDEN for one that the caller does not hold. */
  async create(context: RequestContext, input: z.input<typeof INPUT>): Promise<NewApiKey> {
    const userId = requireUser(context);
    const { name, scopes, days } = parseInput(INPUT, input);
    requireHeldScopes(context, scopes);
    const token = formatToken(API_KEY_PREFIX, context.workspace, newSecret());
    const id = newId();
    return this.database.write(context, async (manager) => {
      await manager.query(
        `INSERT INTO api_key (id, workspace_id, name, last_four, token_hash, role, scopes, created_by, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, now() + make_interval(days => $9))`,
        [id, context.workspace, name, token.slice(-4), sha256(token), ROLES.find((role) => role === context.role), scopes, userId, days],
      );
      await this.auditLog.record(context, 'api_key.create', { type: 'api_key', id }, { name, scopes, days });
      return { key: await manager.getRepository(ApiKey).findOneByOrFail({ id }), token };
    });
  }

  /** Names of the rights that the caller can give to a key. */
  grantable(context: RequestContext): string[] {
    return declaredPermissions().filter((permission) => !permission.forPeople && context.can(permission)).map(({ name }) => name);
  }

  list(context: RequestContext): Promise<ApiKey[]> {
    return this.database.read(context, (manager) => manager.getRepository(ApiKey).find({ order: { createdAt: 'DESC' } }));
  }

  /** Ends a key at once. Throws NOT_FOUND. */
  async revoke(context: RequestContext, id: string): Promise<void> {
    await this.database.write(context, async (manager) => {
      const result = await manager.getRepository(ApiKey).update({ id }, { revokedAt: () => 'coalesce(revoked_at, now())' });
      if (!result.affected) throw notFound('The API key');
      await this.auditLog.record(context, 'api_key.revoke', { type: 'api_key', id });
    });
  }
}
