import { Inject, Injectable } from '@nestjs/common';
import { DomainError } from '../../../common/errors.js';
import type { RequestContext } from '../../../common/request-context.js';
import { Database } from '../../../infrastructure/database/database.js';
import { AuditLog } from '../../audit-log/audit-log.service.js';
import { requireUser } from '../session.service.js';

export interface SecondFactorPolicy {
  readonly required: boolean;
  readonly membersWithout: number;
}

const FIND = `
SELECT w.second_factor_required AS required, (SELECT count(*)::int FROM membership m JOIN user_account u ON u.id = m.user_id
  WHERE m.workspace_id = w.id AND u.disabled_at IS NULL AND u.second_factor_since IS NULL) AS "membersWithout"
FROM workspace w WHERE w.id = $1`;

/** Whether a workspace wants a second factor of all its members. */
@Injectable()
export class SecondFactorPolicies {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AuditLog) private readonly auditLog: AuditLog,
  ) {}

  async find(context: RequestContext): Promise<SecondFactorPolicy> {
    const [policy] = await this.database.read(context, (manager) => manager.query<SecondFactorPolicy[]>(FIND, [context.workspace]));
    return policy!;
  }

  /**
   * Requires a second factor of all members from their next request on, or no longer does. A person decides this, no program.
   * Throws SECOND_FACTOR_FIRST where the caller has none.
   */
  async require(context: RequestContext, required: boolean): Promise<SecondFactorPolicy> {
    const userId = requireUser(context);
    return this.database.write(context, async (manager) => {
      const own = await manager.query<unknown[]>('SELECT 1 FROM user_account WHERE id = $1 AND second_factor_since IS NOT NULL', [userId]);
      if (required && own.length === 0) throw new DomainError('SECOND_FACTOR_FIRST', 'Set up your own second factor before you require one of all members.', 409);
      await manager.query('UPDATE workspace SET second_factor_required = $2 WHERE id = $1', [context.workspace, required]);
      await this.auditLog.record(context, 'workspace.require_second_factor', { type: 'workspace', id: context.workspace }, { required });
      return this.find(context);
    });
  }
}
