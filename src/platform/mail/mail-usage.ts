import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { UsageSource, type MeteredUse, type Period } from '../usage/usage-meter.js';

/** Mails that a mail server took, or that were kept because there is none. */
@Injectable()
@UsageSource('mails')
export class MailUsage implements MeteredUse {
  async amount(manager: EntityManager, workspaceId: string, { from, to }: Period): Promise<number> {
    const [row] = await manager.query<{ count: number }[]>(
      `SELECT count(*)::int AS count FROM mail_message WHERE workspace_id = $1 AND state IN ('sent', 'kept') AND coalesce(sent_at, created_at) >= $2 AND coalesce(sent_at, created_at) < $3`, [workspaceId, from, to]);
    return row!.count;
  }
}
