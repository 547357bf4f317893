import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Clock } from '../../common/clock.js';
import { invalidInput } from '../../common/errors.js';
import type { RequestContext } from '../../common/request-context.js';
import { parseInput, textUpTo, timeInput } from '../../common/validation.js';
import { Database } from '../../infrastructure/database/database.js';

const HOUR_MS = 3_600_000;
/** Longest time that is looked at, by the width of a bucket, in milliseconds. */
const LONGEST = { HOUR: 8 * 24 * HOUR_MS, DAY: 93 * 24 * HOUR_MS } as const;
export const BUCKETS = ['HOUR', 'DAY'] as const;

export const STATISTICS_QUERY = z.object({
  since: timeInput.nullish(),
  bucket: z.enum(BUCKETS).nullish(),
  type: textUpTo(80).nullish(),
});

/** What happened to the jobs of a kind that ended in a span of time. Times in milliseconds; null where nothing was begun. */
export interface JobFigures {
  readonly finished: number;
  readonly failed: number;
  /** Attempts beyond the first. */
  readonly retried: number;
  /** failed / finished, 0 to 1. */
  readonly failureRate: number;
  readonly waitP50: number | null;
  readonly waitP95: number | null;
  readonly durationP50: number | null;
  readonly durationP95: number | null;
}

export interface JobFiguresOfBucket extends JobFigures {
  readonly at: Date;
}

export interface JobFiguresOfType extends JobFigures {
  readonly type: string;
  readonly buckets: readonly JobFiguresOfBucket[];
}

export interface QueueDepth {
  readonly due: number;
  readonly later: number;
  readonly parked: number;
  readonly running: number;
  /** Milliseconds that the longest waiting job has been due. */
  readonly oldestDueAge: number | null;
}

/**
 * One pass over the index of what has ended. The wait counts from when the job was due; where its due time was moved by a
 * retry, from when it was created. The duration is from the first start to the end, with the waits between attempts.
 */
const FIGURES = `
WITH ended AS (
  SELECT type, date_trunc($3, finished_at, 'UTC') AS at, state IN ('dead', 'discarded') AS failed, greatest(0, attempts - 1) AS retried,
    extract(epoch FROM started_at - CASE WHEN run_at <= started_at THEN greatest(created_at, run_at) ELSE created_at END)::float8 * 1000 AS wait,
    extract(epoch FROM finished_at - started_at)::float8 * 1000 AS duration
  FROM background_job
  WHERE workspace_id = $1 AND finished_at >= $2 AND state IN ('done', 'dead', 'discarded') AND ($4::text IS NULL OR type = $4)
)
SELECT type, at, count(*)::int AS finished, count(*) FILTER (WHERE failed)::int AS failed, sum(retried)::int AS retried,
  (count(*) FILTER (WHERE failed))::float8 / count(*) AS "failureRate",
  percentile_cont(0.5) WITHIN GROUP (ORDER BY wait) AS "waitP50", percentile_cont(0.95) WITHIN GROUP (ORDER BY wait) AS "waitP95",
  percentile_cont(0.5) WITHIN GROUP (ORDER BY duration) AS "durationP50", percentile_cont(0.95) WITHIN GROUP (ORDER BY duration) AS "durationP95"
FROM ended GROUP BY GROUPING SETS ((type), (type, at)) ORDER BY type, at NULLS FIRST`;

/** A statement a partial index, so that what has ended is not read. */
const DEPTH = `
SELECT (SELECT count(*) FROM background_job WHERE workspace_id = $1 AND state = 'queued' AND NOT parked AND run_at <= now())::int AS due,
  (SELECT count(*) FROM background_job WHERE workspace_id = $1 AND state = 'queued' AND NOT parked AND run_at > now())::int AS later,
  (SELECT count(*) FROM background_job WHERE workspace_id = $1 AND state = 'queued' AND parked)::int AS parked,
  (SELECT count(*) FROM background_job WHERE workspace_id = $1 AND state = 'running')::int AS running,
  (SELECT extract(epoch FROM now() - min(run_at))::float8 * 1000 FROM background_job WHERE workspace_id = $1 AND state = 'queued' AND NOT parked AND run_at <= now()) AS "oldestDueAge"`;

type FiguresRow = JobFigures & { readonly type: string; readonly at: Date | null };

/** Figures about the background jobs of a workspace. */
@Injectable()
export class BackgroundJobStatistics {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** By type, and in each by hour or day (UTC) of the end; the last 24 hours unless told. Throws INVALID_INPUT for a span that is too long. */
  async figures(context: RequestContext, query: object): Promise<JobFiguresOfType[]> {
    const { since, bucket, type } = parseInput(STATISTICS_QUERY, query);
    const width = bucket ?? 'HOUR';
    const now = this.clock.now().getTime();
    const from = since ?? new Date(now - 24 * HOUR_MS);
    if (now - from.getTime() > LONGEST[width]) throw invalidInput('At most 8 days by hour, or 93 days by day, can be looked at.', 'since');
    const rows = await this.database.read(context, (manager) => manager.query<FiguresRow[]>(FIGURES, [context.workspace, from, width.toLowerCase(), type ?? null]));
    const types = new Map<string, JobFiguresOfType & { buckets: JobFiguresOfBucket[] }>();
    for (const { at, ...figures } of rows) {
      if (at === null) types.set(figures.type, { ...figures, buckets: [] });
      else types.get(figures.type)!.buckets.push({ ...figures, at });
    }
    return [...types.values()].sort((a, b) => b.finished - a.finished);
  }

  async depth(context: RequestContext): Promise<QueueDepth> {
    const [depth] = await this.database.read(context, (manager) => manager.query<QueueDepth[]>(DEPTH, [context.workspace]));
    return depth!;
  }
}
