import { Inject, Injectable } from '@nestjs/common';
import { JobSweeper } from '../../serverless-jobs/outbox/job-sweeper.js';
import { ScheduleService } from '../../serverless-jobs/schedules/schedule.service.js';
import { StuckJobAlarm } from '../alerts/stuck-job-alarm.js';
import { SweepAlarm } from '../alerts/sweep-alarm.js';
import { BackupStatus } from '../backups/backup-status.service.js';
import { Scheduled, type ScheduledTask } from './scheduled-task.js';

/**
 * Finds what was lost: schedules whose call did not come, background jobs that were never delivered or whose process died,
 * and jobs that nothing helps. Says so where it has itself not run for long, and where backups are too old.
 */
@Injectable()
@Scheduled('process-pending')
export class ProcessPendingTask implements ScheduledTask {
  constructor(
    @Inject(SweepAlarm) private readonly sweepAlarm: SweepAlarm,
    @Inject(ScheduleService) private readonly schedules: ScheduleService,
    @Inject(JobSweeper) private readonly sweeper: JobSweeper,
    @Inject(StuckJobAlarm) private readonly stuckJobs: StuckJobAlarm,
    @Inject(BackupStatus) private readonly backups: BackupStatus,
  ) {}

  async start(): Promise<number> {
    await this.sweepAlarm.raiseWhenLate();
    const begun = await this.schedules.runDue();
    const found = await this.sweeper.sweep();
    await this.stuckJobs.raise();
    await this.backups.raiseWhenLate();
    return begun + found;
  }
}
