import type pg from 'pg';
import type { DestinationPolicy } from './destination.js';
import type { GatheredPublishes } from './gathered-publishes.js';

/** What the parts of one server share. */
export interface Context {
  readonly pool: pg.Pool;
  readonly destinations: DestinationPolicy;
  readonly publishes: GatheredPublishes;
  readonly deduplicationSeconds: number;
  /** Deliveries that this process has under way at most. */
  readonly parallelism: number;
  /** Tells the dispatchers, here and in other processes, that something may be due. */
  readonly wake: () => void;
  /** Lets the next delivery read the signing key anew. */
  readonly forgetKey: () => void;
}
