import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { UsageSource, type MeteredUse, type Period } from '../../platform/usage/usage-meter.js';

/** Tokens that language models read and wrote. */
@Injectable()
@UsageSource('modelTokens')
export class ModelTokenUsage implements MeteredUse {
  async amount(manager: EntityManager, workspaceId: string, { from, to }: Period): Promise<number> {
    const [row] = await manager.query<{ tokens: number }[]>(
      'SELECT coalesce(sum(input_tokens + output_tokens), 0)::float8 AS tokens FROM model_call WHERE workspace_id = $1 AND created_at >= $2 AND created_at < $3', [workspaceId, from, to]);
    return row!.tokens;
  }

  async cost(manager: EntityManager, workspaceId: string, { from, to }: Period): Promise<number> {
    const [row] = await manager.query<{ dollars: number }[]>('SELECT coalesce(sum(counted_usd), 0)::float8 AS dollars FROM model_call WHERE workspace_id = $1 AND created_at >= $2 AND created_at < $3', [workspaceId, from, to]);
    return row!.dollars;
  }
}
