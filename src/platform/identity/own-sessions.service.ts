import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { notFound } from '../../common/errors.js';
import { isId } from '../../common/ids.js';
import type { RequestContext } from '../../common/request-context.js';
import { Database } from '../../infrastructure/database/database.js';
import { AuditLog } from '../audit-log/audit-log.service.js';
import { requireUser } from './session.service.js';

/** A sign-in as its owner sees it. */
export interface OwnSession {
  readonly id: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date;
  readonly expiresAt: Date;
  readonly device: string | null;
  readonly address: string | null;
  /** Whether it is the one of this request. */
  readonly current: boolean;
  /** Whether it belongs to another workspace of the same person. */
  readonly elsewhere: boolean;
}

const LIST = `
SELECT id, created_at AS "createdAt", last_used_at AS "lastUsedAt", expires_at AS "expiresAt", device, address, id IS NOT DISTINCT FROM $2::uuid AS current, workspace_id <> $3 AS elsewhere
FROM session WHERE user_id = $1 AND expires_at > now() ORDER BY id IS NOT DISTINCT FROM $2::uuid DESC, last_used_at DESC, id LIMIT 100`;

/** The id of the session by which the caller came; null for whoever came by another way. */
export function currentSession({ memo }: RequestContext): string | null {
  const id = memo.get('sessionId');
  return typeof id === 'string' ? id : null;
}

/** The sign-ins of one person, in all of their workspaces. */
@Injectable()
export class OwnSessions {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AuditLog) private readonly auditLog: AuditLog,
  ) {}

  /** Those that have not ended, this one first and then the most recently used. */
  async list(context: RequestContext): Promise<OwnSession[]> {
    const userId = requireUser(context);
    await this.database.release(context);
    return this.database.read(context, (manager) => manager.query<OwnSession[]>(LIST, [userId, currentSession(context), context.workspace]), { userId });
  }

  /** Ends one of the caller's sessions; its token is dead from the next request on. Throws NOT_FOUND. */
  async end(context: RequestContext, id: string): Promise<void> {
    const userId = requireUser(context);
    if (!isId(id)) throw notFound('The session');
    await this.database.write(context, async (manager) => {
      await manager.query('DELETE FROM sign_in_ticket WHERE user_id = $1', [userId]);
  const [, ended] = await manager.query<[unknown[], number]>('DELETE FROM session WHERE user_id = $1 AND id = $2', [userId, id]);
      if (ended === 0) throw notFound('The session');
      await this.auditLog.record(context, 'session.end', { type: 'session', id });
    }, { userId });
  }

  /** Ends all of the caller's sessions but this one; returns how many. */
  async endOthers(context: RequestContext): Promise<number> {
    const userId = requireUser(context);
    return this.database.write(context, async (manager) => {
      const ended = await endSessions(manager, userId, currentSession(context));
      await this.auditLog.record(context, 'session.end_others', { type: 'user_account', id: userId }, { ended });
      return ended;
    }, { userId });
  }
}

/** Ends the sessions of a person but one, and the sign-ins that wait for a second step, in a write that sees all of that person's; returns how many sessions. */
export async function endSessions(manager: EntityManager, userId: string, except: string | null): Promise<number> {
  await manager.query('DELETE FROM sign_in_ticket WHERE user_id = $1', [userId]);
  const [, ended] = await manager.query<[unknown[], number]>('DELETE FROM session WHERE user_id = $1 AND id IS DISTINCT FROM $2::uuid', [userId, except]);
  return ended;
}
