import { Inject, Injectable } from '@nestjs/common';
import { systemContext } from '../../common/request-context.js';
import type { TransportName } from '../../config/job-transport.js';
import { Database } from '../../infrastructure/database/database.js';

const DIFFERENCES = 20;
/** Seconds after which a call that is due counts as lost. */
const PATIENCE = 60;
const LATENESS = 'extract(epoch FROM greatest(delivered_at - due_at, interval \'0\')) * 1000';

/** What is wrong with a call: not accepted by the transport, accepted and not delivered in time, delivered more than once. */
const FAULT = `CASE WHEN deliveries > 1 THEN 'doubled' WHEN delivered_at IS NOT NULL THEN NULL
  WHEN published_at IS NULL THEN 'refused' WHEN due_at < now() - interval '${PATIENCE} seconds' THEN 'missing' END`;

const RECENT = `SELECT *, ${FAULT} AS fault, ${LATENESS} AS lateness FROM job_delivery WHERE noted_at > now() - make_interval(hours => $1)`;

const TOTALS = `
WITH recent AS (${RECENT})
SELECT transport, shadow, count(*) FILTER (WHERE published_at IS NOT NULL OR delivered_at IS NOT NULL)::int AS published, count(delivered_at)::int AS delivered,
  count(*) FILTER (WHERE fault = 'refused')::int AS refused, count(*) FILTER (WHERE fault = 'missing')::int AS missing, count(*) FILTER (WHERE fault = 'doubled')::int AS doubled,
  round(percentile_cont(0.5) WITHIN GROUP (ORDER BY lateness))::int AS "lateP50", round(percentile_cont(0.95) WITHIN GROUP (ORDER BY lateness))::int AS "lateP95",
  round(max(lateness))::int AS "lateMax"
FROM recent GROUP BY transport, shadow ORDER BY shadow, transport`;

const FAULTS = `
WITH recent AS (${RECENT})
SELECT r.transport, r.shadow, r.call_id AS call, j.type, r.fault, r.due_at AS "dueAt"
FROM recent r LEFT JOIN background_job j ON j.workspace_id = r.workspace_id AND j.id = r.background_job_id
WHERE r.fault IS NOT NULL ORDER BY r.noted_at, r.transport LIMIT ${DIFFERENCES}`;

/** What one of the two transports did. Times in milliseconds after the due time; null where nothing was delivered. */
export interface TransportTotals {
  readonly transport: TransportName;
  readonly shadow: boolean;
  readonly published: number;
  readonly delivered: number;
  readonly refused: number;
  readonly missing: number;
  readonly doubled: number;
  readonly lateP50: number | null;
  readonly lateP95: number | null;
  readonly lateMax: number | null;
}

/** A call that one transport lost or doubled. */
export interface TransportFault {
  readonly transport: TransportName;
  readonly shadow: boolean;
  readonly call: string;
  /** Null for a call that belongs to no job. */
  readonly type: string | null;
  readonly fault: 'refused' | 'missing' | 'doubled';
  readonly dueAt: Date | null;
}

/** Compares the two transports of mirror mode. */
@Injectable()
export class MirrorReport {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** The totals of both, and the first 20 faults, over the last hours. */
  compare(hours: number): Promise<{ totals: TransportTotals[]; faults: TransportFault[] }> {
    return this.database.read(systemContext(null), async (manager) => ({
      totals: await manager.query<TransportTotals[]>(TOTALS, [hours]),
      faults: await manager.query<TransportFault[]>(FAULTS, [hours]),
    }), { allWorkspaces: true });
  }
}
