import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { z } from 'zod';
import { Clock } from '../../common/clock.js';
import { METERS, type Meter } from '../../config/usage.js';
import type { RequestContext } from '../../common/request-context.js';
import { JobHandler, type JobWork } from '../../serverless-jobs/definition/job-handler.js';
import type { RunningJob } from '../../serverless-jobs/runner/running-job.js';
import { ScheduleService } from '../../serverless-jobs/schedules/schedule.service.js';
import { NotificationService } from '../notifications/notification.service.js';
import { Scheduled, type ScheduledTask } from '../scheduled-tasks/scheduled-task.js';
import { KINDS } from './usage-meter.js';
import { DAY_MS, dayName, usageMonth } from './usage-month.js';
import { UsageSourceRegistry } from './usage-source.registry.js';
import { meterUsage } from './usage.jobs.js';
import { UsageService, type MeterUse } from './usage.service.js';

/** Days that are made up for after the job did not run. */
const LONGEST_GAP = 31;
/** Shares of a limit at which administrators are told, each once a month. */
const WARN_AT = [1, 0.8] as const;
const NAMES: Readonly<Record<Meter, string>> = { jobs: 'background jobs', mails: 'mails', storage: 'storage', modelTokens: 'tokens of language models' };

const NOTE = `INSERT INTO usage_day (workspace_id, day, meter, amount) VALUES ($1, $2, $3, $4) ON CONFLICT (workspace_id, day, meter) DO UPDATE SET amount = excluded.amount`;

/** Sees to it that the use of yesterday is noted in each workspace. */
@Injectable()
@Scheduled('usage')
export class MeterUsageTask implements ScheduledTask {
  constructor(@Inject(ScheduleService) private readonly schedules: ScheduleService) {}

  start(now: Date): Promise<number> {
    return this.schedules.runToday(meterUsage, now);
  }
}

@Injectable()
@JobHandler(meterUsage)
export class MeterUsage implements JobWork<typeof meterUsage> {
  constructor(
    @Inject(UsageSourceRegistry) private readonly sources: UsageSourceRegistry,
    @Inject(UsageService) private readonly usage: UsageService,
    @Inject(NotificationService) private readonly notifications: NotificationService,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  async handle(job: RunningJob, { slot }: z.output<typeof meterUsage.payload>): Promise<void> {
    const today = Date.parse(dayName(slot === undefined ? this.clock.now() : new Date(slot)));
    await job.complete(async (manager) => {
      const days = await this.unnotedDays(manager, job.context.workspace, today);
      for (const day of days) await this.note(manager, job.context.workspace, day, day === today - DAY_MS);
      const { meters } = await this.usage.read(manager, job.context.workspace, usageMonth(null, this.clock.now()));
      for (const use of meters) await this.warn(manager, job.context, use);
      return { days: days.length };
    });
  }

  /** The first moments of the days since the last that was noted, up to yesterday. */
  private async unnotedDays(manager: EntityManager, workspaceId: string, today: number): Promise<number[]> {
    const [row] = await manager.query<{ last: string | null }[]>(
      `SELECT coalesce(max(day), (SELECT (created_at AT TIME ZONE 'UTC')::date - 1 FROM workspace WHERE id = $1))::text AS last FROM usage_day WHERE workspace_id = $1`, [workspaceId]);
    const first = Math.max(Date.parse(row!.last!) + DAY_MS, today - LONGEST_GAP * DAY_MS);
    return Array.from({ length: Math.max(0, (today - first) / DAY_MS) }, (_, index) => first + index * DAY_MS);
  }

  /** A level is what there is now, so it says nothing of earlier days. */
  private async note(manager: EntityManager, workspaceId: string, day: number, isYesterday: boolean): Promise<void> {
    const period = { from: new Date(day), to: new Date(day + DAY_MS) };
    for (const meter of METERS) {
      if (KINDS[meter] === 'level' && !isYesterday) continue;
      await manager.query(NOTE, [workspaceId, dayName(period.from), meter, await this.sources.get(meter).amount(manager, workspaceId, period)]);
    }
  }

  private async warn(manager: EntityManager, context: RequestContext, { meter, amount, limit }: MeterUse): Promise<void> {
    if (limit === null) return;
    const share = WARN_AT.find((each) => amount >= limit * each);
    if (share === undefined) return;
    const dedupeKey = `${this.clock.now().toISOString().slice(0, 7)} ${meter} ${share}`;
    const known = await manager.query<unknown[]>(`SELECT 1 FROM notification WHERE workspace_id = $1 AND kind = 'usage_limit' AND dedupe_key = $2 LIMIT 1`, [context.workspace, dedupeKey]);
    if (known.length > 0) return;
    const text = share === 1 ? `The workspace has used up what it may of ${NAMES[meter]} this month.` : `The workspace has used ${Math.floor((amount / limit) * 100)} % of what it may of ${NAMES[meter]} this month.`;
    await this.notifications.addForAdministrators(context, { kind: 'usage_limit', dedupeKey, body: { meter, text } });
  }
}
