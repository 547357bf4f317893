import { Inject, Injectable } from '@nestjs/common';
import { notFound } from '../../common/errors.js';
import type { RequestContext } from '../../common/request-context.js';
import { Database } from '../../infrastructure/database/database.js';
import { ScheduleService, type ShownSchedule } from '../../serverless-jobs/schedules/schedule.service.js';
import { AuditLog } from '../audit-log/audit-log.service.js';

const CHANGES = { pause: 'pause', resume: 'resume', runNow: 'run_now' } as const;
export type ScheduleChange = keyof typeof CHANGES;

/** What people do with schedules, written down. */
@Injectable()
export class JobSchedules {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ScheduleService) private readonly schedules: ScheduleService,
    @Inject(AuditLog) private readonly auditLog: AuditLog,
  ) {}

  list(context: RequestContext): Promise<ShownSchedule[]> {
    return this.schedules.list(context);
  }

  /** Changes the schedule with its audit row and returns it as it is then. Throws NOT_FOUND. */
  async change(context: RequestContext, change: ScheduleChange, name: string): Promise<ShownSchedule> {
    await this.database.write(context, async () => {
      await this.schedules[change](context, name);
      await this.auditLog.record(context, `schedule.${CHANGES[change]}`, { type: 'job_schedule', id: context.workspace }, { name });
    });
    const found = (await this.schedules.list(context)).find((schedule) => schedule.name === name);
    if (!found) throw notFound('The schedule');
    return found;
  }
}
