import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { UsageSource, type MeteredUse, type Period } from './usage-meter.js';

/** Background jobs that ended. */
@Injectable()
@UsageSource('jobs')
export class JobUsage implements MeteredUse {
  async amount(manager: EntityManager, workspaceId: string, { from, to }: Period): Promise<number> {
    const [row] = await manager.query<{ count: number }[]>('SELECT count(*)::int AS count FROM background_job WHERE workspace_id = $1 AND finished_at >= $2 AND finished_at < $3', [workspaceId, from, to]);
    return row!.count;
  }
}
