import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { Clock, dayIn } from '../../common/clock.js';
import { Scheduled, type ScheduledTask } from '../../platform/scheduled-tasks/scheduled-task.js';
import { JobHandler, type JobWork } from '../../serverless-jobs/definition/job-handler.js';
import type { RunningJob } from '../../serverless-jobs/runner/running-job.js';
import { ScheduleService } from '../../serverless-jobs/schedules/schedule.service.js';
import { aggregateMetrics } from './reporting.jobs.js';

const DAY_MS = 86_400_000;

/** Per job opening and day, in the workspace's time zone: applications received, moved on, rejected, hired. */
const AGGREGATE = `
INSERT INTO daily_metric (workspace_id, day, name, job_opening_id, value)
SELECT $1, $2::date, name, job_opening_id, count(*) FROM (
  SELECT 'applications_received' AS name, job_opening_id, applied_at AS at FROM application WHERE workspace_id = $1
  UNION ALL SELECT 'applications_moved', a.job_opening_id, e.at FROM stage_event e JOIN application a ON a.id = e.application_id WHERE e.workspace_id = $1 AND e.from_stage_id IS NOT NULL
  UNION ALL SELECT 'applications_' || status, job_opening_id, decided_at FROM application WHERE workspace_id = $1 AND decided_at IS NOT NULL
) facts
WHERE (at AT TIME ZONE (SELECT time_zone FROM workspace WHERE id = $1))::date = $2::date
GROUP BY name, job_opening_id
ON CONFLICT (workspace_id, day, name, job_opening_id) DO UPDATE SET value = excluded.value`;

/** By the calendar: the days on which clocks change have 23 and 25 hours. */
const dayBefore = (day: string): string => new Date(Date.parse(day) - DAY_MS).toISOString().slice(0, 10);

/** Sees to it that each workspace's count of yesterday is begun. */
@Injectable()
@Scheduled('analytics')
export class AnalyticsTask implements ScheduledTask {
  constructor(@Inject(ScheduleService) private readonly schedules: ScheduleService) {}

  start(now: Date): Promise<number> {
    return this.schedules.runToday(aggregateMetrics, now);
  }
}

@Injectable()
@JobHandler(aggregateMetrics)
export class AggregateMetrics implements JobWork<typeof aggregateMetrics> {
  constructor(@Inject(Clock) private readonly clock: Clock) {}

  async handle(job: RunningJob, { slot }: z.output<typeof aggregateMetrics.payload>): Promise<void> {
    await job.complete(async (manager) => {
      const [{ timeZone }] = await manager.query<[{ timeZone: string }]>('SELECT time_zone AS "timeZone" FROM workspace WHERE id = $1', [job.context.workspace]);
      const day = dayBefore(dayIn(timeZone, slot === undefined ? this.clock.now() : new Date(slot)));
      await manager.query(AGGREGATE, [job.context.workspace, day]);
      return { day };
    });
  }
}
