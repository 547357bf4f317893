import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { UsageSource, type MeteredUse } from '../../../platform/usage/usage-meter.js';

/** Bytes of all documents. */
@Injectable()
@UsageSource('storage')
export class DocumentUsage implements MeteredUse {
  async amount(manager: EntityManager, workspaceId: string): Promise<number> {
    const [row] = await manager.query<{ bytes: number }[]>('SELECT coalesce(sum(byte_size), 0)::float8 AS bytes FROM document WHERE workspace_id = $1', [workspaceId]);
    return row!.bytes;
  }
}
