import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { Clock, dayIn } from '../../common/clock.js';
import { MemberService } from '../../platform/identity/member.service.js';
import { NotificationService } from '../../platform/notifications/notification.service.js';
import { Scheduled, type ScheduledTask } from '../../platform/scheduled-tasks/scheduled-task.js';
import { JobHandler, type JobWork } from '../../serverless-jobs/definition/job-handler.js';
import type { RunningJob } from '../../serverless-jobs/runner/running-job.js';
import { ScheduleService } from '../../serverless-jobs/schedules/schedule.service.js';
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

/** Sees to it that each workspace's digest of the day is begun. */
@Injectable()
@Scheduled('daily-digest')
export class DailyDigestTask implements ScheduledTask {
  constructor(@Inject(ScheduleService) private readonly schedules: ScheduleService) {}

  start(now: Date): Promise<number> {
    return this.schedules.runToday(sendDailyDigest, now);
  }
}

@Injectable()
@JobHandler(sendDailyDigest)
export class SendDailyDigest implements JobWork<typeof sendDailyDigest> {
  constructor(
    @Inject(NotificationService) private readonly notifications: NotificationService,
    @Inject(MemberService) private readonly members: MemberService,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  async handle(job: RunningJob, { slot }: z.output<typeof sendDailyDigest.payload>): Promise<void> {
    await job.complete(async (manager) => {
      const [counts] = await manager.query<DigestCounts[]>(COUNTS, [job.context.workspace]);
      const [{ timeZone }] = await manager.query<[{ timeZone: string }]>('SELECT time_zone AS "timeZone" FROM workspace WHERE id = $1', [job.context.workspace]);
      const day = dayIn(timeZone, slot === undefined ? this.clock.now() : new Date(slot));
      const members = await this.members.list(job.context);
      for (const { userId } of members) await this.notifications.add(job.context, { userId, kind: 'daily_digest', dedupeKey: day, body: { day, ...counts! } });
      return { day, members: members.length, ...counts! };
    });
  }
}
