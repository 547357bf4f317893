import { Inject, Injectable } from '@nestjs/common';
import { ScheduleService } from '../../serverless-jobs/schedules/schedule.service.js';
import { Scheduled, type ScheduledTask } from '../scheduled-tasks/scheduled-task.js';
import { BackupStatus } from './backup-status.service.js';
import { backupDatabase } from './backups.jobs.js';

/** Sees to it that the backup of the day is begun, and says so where the last good one is too old. */
@Injectable()
@Scheduled('backup')
export class BackupTask implements ScheduledTask {
  constructor(
    @Inject(ScheduleService) private readonly schedules: ScheduleService,
    @Inject(BackupStatus) private readonly status: BackupStatus,
  ) {}

  async start(now: Date): Promise<number> {
    await this.status.raiseWhenLate();
    return this.schedules.runToday(backupDatabase, now);
  }
}
