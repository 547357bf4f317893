import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { dayIn } from '../../common/clock.js';
import { systemContext } from '../../common/request-context.js';
import { WorkspaceDirectory } from '../../platform/identity/workspace-directory.service.js';
import { MemberService } from '../../platform/identity/member.service.js';
import { NotificationService } from '../../platform/notifications/notification.service.js';
import { Scheduled, type ScheduledTask } from '../../platform/scheduled-tasks/scheduled-task.js';
import { Database } from '../../infrastructure/database/database.js';
import { JobHandler, type JobWork } from '../../serverless-jobs/definition/job-handler.js';
import type { RunningJob } from '../../serverless-jobs/runner/running-job.js';
import { ServerlessJobService } from '../../serverless-jobs/serverless-job.service.js';
import { sendDailyDigest } from './reporting.jobs.js';

interface DigestCounts {
  readonly newApplications: number;
  readonly waitingApplications: number;
  readonly failedJobs: number;
}

const COUNTS = `
SELECT (SELECT count(*)::int FROM application WHERE workspace_id = $1 AND applied_at > now() - interval '24 hours') AS "newApplications",
       (SELECT count(*)::int FROM application a JOIN pipeline_stage s ON s.id = a.pipeline_stage_id
        WHERE a.workspace_id = $1 AND a.status = 'active' AND s.category = 'applied') AS "waitingApplications",
       (SELECT count(*)::int FROM background_job WHERE workspace_id = $1 AND state = 'dead') AS "failedJobs"`;

/** Enqueues one digest a member and day of the workspace. */
@Injectable()
@Scheduled('daily-digest')
export class DailyDigestTask implements ScheduledTask {
  constructor(
    @Inject(WorkspaceDirectory) private readonly workspaces: WorkspaceDirectory,
    @Inject(MemberService) private readonly members: MemberService,
    @Inject(ServerlessJobService) private readonly jobs: ServerlessJobService,
    @Inject(Database) private readonly database: Database,
  ) {}

  async start(now: Date): Promise<number> {
    let begun = 0;
    for (const workspace of await this.workspaces.all()) {
      const context = systemContext(workspace.id);
      const day = dayIn(workspace.timeZone, now);
      const members = await this.members.list(context);
      await this.database.write(context, async () => {
        for (const { userId } of members) await this.jobs.enqueue(context, sendDailyDigest, { userId, day }, { dedupeKey: `${userId} ${day}` });
      });
      begun += members.length;
    }
    return begun;
  }
}

@Injectable()
@JobHandler(sendDailyDigest)
export class SendDailyDigest implements JobWork<typeof sendDailyDigest> {
  constructor(@Inject(NotificationService) private readonly notifications: NotificationService) {}

  async handle(job: RunningJob, { userId, day }: z.output<typeof sendDailyDigest.payload>): Promise<void> {
    await job.complete(async (manager) => {
      const [counts] = await manager.query<DigestCounts[]>(COUNTS, [job.context.workspace]);
      await this.notifications.add(job.context, { userId, kind: 'daily_digest', dedupeKey: day, body: { day, ...counts! } });
      return { ...counts! };
    });
  }
}
