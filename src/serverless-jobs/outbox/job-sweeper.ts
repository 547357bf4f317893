import { Inject, Injectable } from '@nestjs/common';
import { systemContext } from '../../common/request-context.js';
import { Database } from '../../infrastructure/database/database.js';
import { Telemetry } from '../../infrastructure/telemetry/telemetry.js';
import { measureDepth } from './job-depth.js';
import { JobPublisher } from './job-publisher.js';
import { drainCall, wakeUpOf, type WakingJob } from './wake-up.js';
import type { WakeUp } from '../transports/transport.js';

const SWEEP_LIMIT = 500;
/** Sweeps of one call at the most; what is left is found by the next. */
const MAX_ROUNDS = 10;
/** More jobs than this that only wait for their turn are not called one by one; each drain works through about so many. */
const CALLED_ONE_BY_ONE = 50;
const JOBS_PER_DRAIN = 100;

/**
 * Work that should have begun: never sent, sent long ago without effect, begun by a process that is gone, or parked behind a
 * job that is no longer there. What it finds it claims, so that two sweeps send each job once. `reason` says why it was found.
 */
const FIND_OVERDUE = `
UPDATE background_job SET wake = wake + 1, published_at = now(), parked = false, sweeps = sweeps + 1
FROM (
  SELECT b.id AS found, CASE
    WHEN b.state = 'running' THEN 'lease expired' WHEN b.parked THEN 'parked' WHEN b.state = 'waiting' THEN 'wait overdue'
    WHEN b.published_at IS NULL THEN 'never sent' ELSE 'never delivered' END AS reason
  FROM background_job b
  WHERE (b.state IN ('queued', 'waiting') AND NOT b.parked AND b.published_at IS NULL AND greatest(b.run_at, b.created_at) < now() - interval '5 seconds')
     OR (b.state IN ('queued', 'waiting') AND NOT b.parked AND greatest(b.run_at, b.published_at) < now() - interval '60 seconds')
     OR (b.state = 'running' AND b.lease_until < now() AND (b.published_at IS NULL OR b.published_at < now() - interval '15 seconds'))
     OR (b.state = 'queued' AND b.parked AND NOT EXISTS (
          SELECT 1 FROM background_job r WHERE r.workspace_id = b.workspace_id AND r.concurrency_key = b.concurrency_key AND r.state = 'running' AND r.lease_until > now()))
  ORDER BY b.run_at LIMIT ${SWEEP_LIMIT} FOR UPDATE SKIP LOCKED) overdue
WHERE id = overdue.found
RETURNING id, workspace_id AS "workspaceId", type, wake, priority, greatest(run_at, now()) AS "runAt", overdue.reason`;

export type SweepReason = 'never sent' | 'never delivered' | 'lease expired' | 'wait overdue' | 'parked';

export type SweepCounts = Partial<Record<SweepReason, number>>;

const BEAT = `
INSERT INTO system_heartbeat (name, at, counts, duration_ms) VALUES ('sweep', clock_timestamp(), $1, $2)
ON CONFLICT (name) DO UPDATE SET at = excluded.at, counts = excluded.counts, duration_ms = excluded.duration_ms`;

interface OverdueJob extends WakingJob {
  readonly reason: SweepReason;
}

/** A drain takes what is queued; what a dead process holds, and what waits, is called by its own name. */
const isQueued = ({ reason }: OverdueJob): boolean => reason === 'never sent' || reason === 'never delivered' || reason === 'parked';

function callsFor(overdue: readonly OverdueJob[]): WakeUp[] {
  const queued = overdue.filter(isQueued);
  if (queued.length <= CALLED_ONE_BY_ONE) return overdue.map(wakeUpOf);
  const drains = Array.from({ length: Math.ceil(queued.length / JOBS_PER_DRAIN) }, () => drainCall(queued[0]!.runAt));
  return [...overdue.filter((job) => !isQueued(job)).map(wakeUpOf), ...drains];
}

/** Sends again what the transport lost or a dead process left behind. */
@Injectable()
export class JobSweeper {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(JobPublisher) private readonly publisher: JobPublisher,
    @Inject(Telemetry) private readonly telemetry: Telemetry,
  ) {}

  /** The number of jobs found overdue and sent again. */
  async sweep(): Promise<number> {
    const found = await this.sweepByReason();
    return Object.values(found).reduce((sum, count) => sum + count, 0);
  }

  /** The same, counted by why they were found. Leaves a heartbeat, so that a sweep that no longer runs is seen. */
  async sweepByReason(): Promise<SweepCounts> {
    const begin = performance.now();
    const counts: SweepCounts = {};
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const [overdue] = await this.database.write(systemContext(null), (manager) =>
        manager.query<[OverdueJob[], number]>(FIND_OVERDUE), { allWorkspaces: true });
      for (const { reason } of overdue) counts[reason] = (counts[reason] ?? 0) + 1;
      await this.publisher.publish(callsFor(overdue));
      if (overdue.length < SWEEP_LIMIT) break;
    }
    await this.database.write(systemContext(null), (manager) => manager.query(BEAT, [JSON.stringify(counts), Math.round(performance.now() - begin)]));
    if (this.telemetry.isOn) await measureDepth(this.database, this.telemetry);
    return counts;
  }

  /** Seconds since the last sweep ended, by the database's clock; null where none has. */
  async secondsSinceLast(): Promise<number | null> {
    const [row] = await this.database.write(systemContext(null), (manager) => manager.query<{ age: number }[]>(
      `SELECT extract(epoch FROM clock_timestamp() - at)::float8 AS age FROM system_heartbeat WHERE name = 'sweep'`));
    return row?.age ?? null;
  }
}
