import { DiscoveryService } from '@nestjs/core';
import type { EntityManager } from 'typeorm';
import type { Meter } from '../../config/usage.js';

/** `flow` adds up over the days of a month; `level` is what there is at a moment. */
export const KINDS: Readonly<Record<Meter, 'flow' | 'level'>> = { jobs: 'flow', mails: 'flow', storage: 'level', modelTokens: 'flow' };

/** Marks a class as what knows the amounts of one meter. */
export const UsageSource = DiscoveryService.createDecorator<Meter>();

/** Half open: from the first moment up to the second. */
export interface Period {
  readonly from: Date;
  readonly to: Date;
}

/** What the feature behind a meter tells of it. */
export interface MeteredUse {
  /** How much of the workspace of the transaction falls into the period; of a level, what there is now. Bytes for storage. */
  amount(manager: EntityManager, workspaceId: string, period: Period): Promise<number>;

  /** US dollars that it cost, where that is known better than by a price. */
  cost?(manager: EntityManager, workspaceId: string, period: Period): Promise<number>;
}
