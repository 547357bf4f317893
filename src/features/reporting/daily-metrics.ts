import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { dayIn } from '../../common/clock.js';
import { systemContext } from '../../common/request-context.js';
import { WorkspaceDirectory } from '../../platform/identity/workspace-directory.service.js';
import { Scheduled, type ScheduledTask } from '../../platform/scheduled-tasks/scheduled-task.js';
import { JobHandler, type JobWork } from '../../serverless-jobs/definition/job-handler.js';
import type { RunningJob } from '../../serverless-jobs/runner/running-job.js';
import { ServerlessJobService } from '../../serverless-jobs/serverless-job.service.js';
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

/** Enqueues the count of yesterday, which is complete, for each workspace. */
@Injectable()
@Scheduled('analytics')
export class AnalyticsTask implements ScheduledTask {
  constructor(
    @Inject(WorkspaceDirectory) private readonly workspaces: WorkspaceDirectory,
    @Inject(ServerlessJobService) private readonly jobs: ServerlessJobService,
  ) {}

  async start(now: Date): Promise<number> {
    const workspaces = await this.workspaces.all();
    for (const workspace of workspaces) {
      const day = dayIn(workspace.timeZone, new Date(now.getTime() - DAY_MS));
      await this.jobs.enqueue(systemContext(workspace.id), aggregateMetrics, { day }, { dedupeKey: day });
    }
    return workspaces.length;
  }
}

@Injectable()
@JobHandler(aggregateMetrics)
export class AggregateMetrics implements JobWork<typeof aggregateMetrics> {
  async handle(job: RunningJob, { day }: z.output<typeof aggregateMetrics.payload>): Promise<void> {
    await job.complete(async (manager) => {
      await manager.query(AGGREGATE, [job.context.workspace, day]);
      return { day };
    });
  }
}
