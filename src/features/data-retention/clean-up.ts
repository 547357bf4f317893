import { Inject, Injectable } from '@nestjs/common';
import { dayIn } from '../../common/clock.js';
import { systemContext } from '../../common/request-context.js';
import { WorkspaceDirectory } from '../../platform/identity/workspace-directory.service.js';
import { Scheduled, type ScheduledTask } from '../../platform/scheduled-tasks/scheduled-task.js';
import { Database } from '../../infrastructure/database/database.js';
import { JobHandler, type JobWork } from '../../serverless-jobs/definition/job-handler.js';
import type { RunningJob } from '../../serverless-jobs/runner/running-job.js';
import { ServerlessJobService } from '../../serverless-jobs/serverless-job.service.js';
import { cleanUpWorkspace } from './data-retention.jobs.js';

/** What is deleted, and when. Failed jobs stay until somebody has looked at them. */
const RULES: readonly { readonly name: string; readonly statement: string }[] = [
  { name: 'sessions', statement: 'DELETE FROM session WHERE workspace_id = $1 AND expires_at < now()' },
  { name: 'idempotencyKeys', statement: `DELETE FROM idempotency_key WHERE workspace_id = $1 AND created_at < now() - interval '7 days'` },
  { name: 'backgroundJobs', statement: `DELETE FROM background_job WHERE workspace_id = $1 AND state IN ('done', 'cancelled') AND finished_at < now() - interval '30 days'` },
  { name: 'domainEvents', statement: `DELETE FROM domain_event WHERE workspace_id = $1 AND at < now() - interval '90 days'` },
  { name: 'notifications', statement: `DELETE FROM notification WHERE workspace_id = $1 AND created_at < now() - interval '90 days'` },
];

@Injectable()
@Scheduled('clean-up')
export class CleanUpTask implements ScheduledTask {
  constructor(
    @Inject(WorkspaceDirectory) private readonly workspaces: WorkspaceDirectory,
    @Inject(ServerlessJobService) private readonly jobs: ServerlessJobService,
    @Inject(Database) private readonly database: Database,
  ) {}

  async start(now: Date): Promise<number> {
    await this.database.write(systemContext(null), (manager) => manager.query('DELETE FROM rate_limit WHERE expire < $1', [now.getTime()]));
    await this.database.write(systemContext(null), (manager) => manager.query(`DELETE FROM job_delivery WHERE noted_at < now() - interval '7 days'`), { allWorkspaces: true });
    const workspaces = await this.workspaces.all();
    const day = dayIn('UTC', now);
    for (const workspace of workspaces) await this.jobs.enqueue(systemContext(workspace.id), cleanUpWorkspace, { day }, { dedupeKey: day });
    return workspaces.length;
  }
}

@Injectable()
@JobHandler(cleanUpWorkspace)
export class CleanUpWorkspace implements JobWork<typeof cleanUpWorkspace> {
  async handle(job: RunningJob): Promise<void> {
    await job.complete(async (manager) => {
      const deleted: Record<string, number> = {};
      for (const { name, statement } of RULES) {
        const [, count] = await manager.query<[unknown[], number]>(statement, [job.context.workspace]);
        deleted[name] = count;
      }
      return deleted;
    });
  }
}
