import { Inject, Injectable } from '@nestjs/common';
import { LATE_SWEEP_SECONDS, SweepAlarm } from '../alerts/sweep-alarm.js';
import { BackupStatus, LATE_BACKUP_HOURS } from '../backups/backup-status.service.js';
import { ScheduledTaskRegistry } from '../scheduled-tasks/scheduled-task.registry.js';
import { GOOD, measure, type Check, type Finding } from './health-check.js';
import { QueueProbe } from './queue-probe.service.js';

/** Looks whether background work goes on, and whether what has to happen regularly has happened. */
@Injectable()
export class WorkChecks {
  constructor(
    @Inject(QueueProbe) private readonly queue: QueueProbe,
    @Inject(SweepAlarm) private readonly sweepAlarm: SweepAlarm,
    @Inject(BackupStatus) private readonly backups: BackupStatus,
    @Inject(ScheduledTaskRegistry) private readonly scheduledTasks: ScheduledTaskRegistry,
  ) {}

  async run(): Promise<Check[]> {
    return [
      await measure('queue', () => this.queue.probe().then(() => GOOD)),
      await measure('jobs', () => this.jobs()),
      await measure('sweep', () => this.sweep()),
      await measure('cron', () => this.cron()),
      await measure('backup', () => this.backup()),
    ];
  }

  private async jobs(): Promise<Finding> {
    const { overdue, stuck, dead } = await this.queue.counts();
    return { ok: overdue === 0 && stuck === 0, overdue, stuck, dead, ...(dead > 0 ? { note: 'some jobs failed and wait for a person' } : {}) };
  }

  private async sweep(): Promise<Finding> {
    const age = await this.sweepAlarm.raiseWhenLate();
    if (age === null) return { ok: true, note: 'there is no workspace yet' };
    return { ok: age <= LATE_SWEEP_SECONDS, secondsAgo: Math.round(age) };
  }

  /** Told and not judged: where something else sweeps, the daily call of the platform is a safety net that may be absent. */
  private async cron(): Promise<Finding> {
    const hours = await this.scheduledTasks.hoursSinceCall();
    return hours === null ? { ok: true, note: 'there was no daily call yet' } : { ok: true, hoursAgo: Math.round(hours) };
  }

  private async backup(): Promise<Finding> {
    const { missing } = this.backups;
    if (missing !== null) return { ok: true, note: `no daily backups: ${missing}` };
    const { at, hours } = await this.backups.age();
    const ok = hours === null || hours <= LATE_BACKUP_HOURS;
    return at === null ? { ok, note: 'there is no backup yet' } : { ok, at: at.toISOString(), hoursAgo: Math.round(hours!) };
  }
}
