import { Inject, Injectable } from '@nestjs/common';
import { JobSweeper } from '../../serverless-jobs/outbox/job-sweeper.js';
import { Scheduled, type ScheduledTask } from './scheduled-task.js';

/** Sends background jobs again that were never delivered or whose process died. */
@Injectable()
@Scheduled('process-pending')
export class ProcessPendingTask implements ScheduledTask {
  constructor(@Inject(JobSweeper) private readonly sweeper: JobSweeper) {}

  start(): Promise<number> {
    return this.sweeper.sweep();
  }
}
