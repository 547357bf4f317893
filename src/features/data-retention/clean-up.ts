import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { JsonObject } from '../../common/json.js';
import { ENVIRONMENT } from '../../config/environment.token.js';
import type { Environment } from '../../config/environment.js';
import { systemContext } from '../../common/request-context.js';
import { Database } from '../../infrastructure/database/database.js';
import { Scheduled, type ScheduledTask } from '../../platform/scheduled-tasks/scheduled-task.js';
import { JobHandler, type JobWork } from '../../serverless-jobs/definition/job-handler.js';
import type { RunningJob } from '../../serverless-jobs/runner/running-job.js';
import { ScheduleService } from '../../serverless-jobs/schedules/schedule.service.js';
import { cleanUpWorkspace } from './data-retention.jobs.js';
import { deleteHistory, historyBytes } from './job-history-budget.js';
import { CHUNK, deleteChunk, RULES } from './retention-rules.js';

/** Sees to it that each workspace's clean-up of the day is begun. */
@Injectable()
@Scheduled('clean-up')
export class CleanUpTask implements ScheduledTask {
  constructor(
    @Inject(ScheduleService) private readonly schedules: ScheduleService,
    @Inject(Database) private readonly database: Database,
  ) {}

  async start(now: Date): Promise<number> {
    // Calls that look for whatever is due belong to no workspace, so no workspace's clean-up sees them.
    await this.database.write(systemContext(null), (manager) => manager.query(`DELETE FROM job_delivery WHERE noted_at < now() - interval '7 days'`), { allWorkspaces: true });
    return this.schedules.runToday(cleanUpWorkspace, now);
  }
}

/** Where a clean-up stands: the step that is under way, what the steps have deleted, and the bytes that are still too many. */
interface Position extends JsonObject {
  readonly step: number;
  readonly deleted: Readonly<Record<string, number>>;
  readonly excess: number | null;
}

/** After the rules by age come those by size: log lines first, then whole jobs. */
const BY_SIZE = ['logs', 'jobs'] as const;
const STEPS = RULES.length + BY_SIZE.length;
const BEGIN: Position = { step: 0, deleted: {}, excess: null };

const counted = (deleted: Position['deleted'], name: string, count: number): Position['deleted'] => ({ ...deleted, [name]: (deleted[name] ?? 0) + count });

@Injectable()
@JobHandler(cleanUpWorkspace)
export class CleanUpWorkspace implements JobWork<typeof cleanUpWorkspace> {
  constructor(@Inject(ENVIRONMENT) private readonly environment: Environment) {}

  async handle(job: RunningJob): Promise<void> {
    let position = (job.cursor as Position | null) ?? BEGIN;
    while (position.step < STEPS) {
      const next = await this.chunk(job, position);
      position = next;
      job.yieldIfDue();
    }
    await job.complete(() => Promise.resolve({ ...position.deleted }));
  }

  /** Deletes one chunk and stores where the next begins, both or neither. */
  private async chunk(job: RunningJob, position: Position): Promise<Position> {
    return job.transaction(async (manager) => {
      const next = position.step < RULES.length ? await this.byAge(manager, job, position) : await this.bySize(manager, job, position);
      await job.advance({ cursor: next, done: next.step, total: STEPS }, () => Promise.resolve());
      return next;
    });
  }

  private async byAge(manager: EntityManager, job: RunningJob, { step, deleted, excess }: Position): Promise<Position> {
    const rule = RULES[step]!;
    const count = await deleteChunk(manager, rule, job.context.workspace);
    return { step: count < CHUNK ? step + 1 : step, deleted: counted(deleted, rule.name, count), excess };
  }

  private async bySize(manager: EntityManager, job: RunningJob, { step, deleted, excess }: Position): Promise<Position> {
    const over = excess ?? (await historyBytes(manager, job.context.workspace)) - this.environment.jobHistoryBytes;
    if (over <= 0) return { step: STEPS, deleted, excess: 0 };
    const what = BY_SIZE[step - RULES.length]!;
    const freed = await deleteHistory(manager, what, job.context.workspace);
    return { step: freed.count === 0 ? step + 1 : step, deleted: counted(deleted, `${what}OverBudget`, freed.count), excess: over - freed.bytes };
  }
}
