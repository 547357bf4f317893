import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { notFound } from '../../common/errors.js';
import { systemContext, type RequestContext } from '../../common/request-context.js';
import { Database } from '../../infrastructure/database/database.js';
import { Logger } from '../../infrastructure/logging/logger.js';
import { definedJobs, type JobDefinition } from '../definition/define-job.js';
import { ServerlessJobService } from '../serverless-job.service.js';
import { advanceSchedule, deleteOtherRows, SCHEDULE_COLUMNS, takeSchedule, writeRows, type JobSchedule, type ScheduledDefinition } from './schedule-rows.js';
import { nextSlot, nextSlots, slotOfToday, slotsToRun } from './slots.js';

const everywhere = { allWorkspaces: true } as const;
/** Schedules that one call looks at; the next one, a minute later, sees the rest. */
const DUE_LIMIT = 1_000;
const SHOWN_SLOTS = 5;

export interface ShownSchedule extends JobSchedule {
  /** The next five times; none while it is paused. */
  readonly nextSlots: readonly Date[];
}

const isScheduled = (definition: JobDefinition): definition is ScheduledDefinition => definition.schedule !== undefined;

/**
 * Begins background jobs by the clock, once a slot and workspace whoever calls and however often: the slot is claimed, its
 * job enqueued and the next slot noted in one transaction. The payload has the slot's time as `slot` where its schema has it.
 */
@Injectable()
export class ScheduleService implements OnModuleInit {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ServerlessJobService) private readonly jobs: ServerlessJobService,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  /** A cron expression that is none keeps the application from starting. */
  onModuleInit(): void {
    for (const { schedule: { cron, timeZone = 'UTC' } } of this.definitions) nextSlot({ cron, timeZone }, new Date());
  }

  /** The definitions that have a schedule. */
  get definitions(): readonly ScheduledDefinition[] {
    return definedJobs().filter(isScheduled);
  }

  /** Makes the rows of all workspaces say what the definitions say; doing it again changes nothing. Returns how many rows were written. */
  syncRows(): Promise<number> {
    return this.database.write(systemContext(null), async (manager) => {
      await deleteOtherRows(manager, this.definitions);
      return writeRows(manager, this.definitions, false);
    }, everywhere);
  }

  /** Begins what is due by the database's clock, or by `now`; of one definition or of all. Returns how many jobs were begun. */
  async runDue(now: Date | null = null, only: string | null = null): Promise<number> {
    await this.database.write(systemContext(null), (manager) => writeRows(manager, this.definitions, true), everywhere);
    const due = await this.database.read(systemContext(null), (manager) => manager.query<{ workspaceId: string; name: string }[]>(
      `SELECT workspace_id AS "workspaceId", name FROM job_schedule
       WHERE NOT paused AND next_slot <= coalesce($1::timestamptz, now()) AND ($2::text IS NULL OR name = $2) ORDER BY next_slot LIMIT ${DUE_LIMIT}`, [now, only]), everywhere);
    return this.each(due, (context, definition) => this.runOne(context, definition, now));
  }

  /** Begins today's slot of the definition, in each workspace's own day, unless it was begun: for a call that comes once a day, early or late. */
  async runToday(definition: JobDefinition, now: Date): Promise<number> {
    const begun = await this.runDue(now, definition.name);
    const all = await this.database.read(systemContext(null), (manager) => manager.query<{ workspaceId: string; name: string }[]>(
      'SELECT workspace_id AS "workspaceId", name FROM job_schedule WHERE name = $1 AND NOT paused ORDER BY workspace_id', [definition.name]), everywhere);
    return begun + await this.each(all, (context, found) => this.runOneToday(context, found, now));
  }

  /** The schedules of the caller's workspace, by name. */
  list(context: RequestContext): Promise<ShownSchedule[]> {
    return this.database.read(context, async (manager) => {
      const rows = await manager.query<JobSchedule[]>(`SELECT ${SCHEDULE_COLUMNS} FROM job_schedule WHERE workspace_id = $1 ORDER BY name`, [context.workspace]);
      return rows.map((row) => ({ ...row, nextSlots: row.paused ? [] : [row.nextSlot, ...nextSlots(row, row.nextSlot, SHOWN_SLOTS - 1)] }));
    });
  }

  /** Begins nothing more until it is resumed. Throws NOT_FOUND. */
  async pause(context: RequestContext, name: string): Promise<void> {
    await this.database.write(context, async (manager) => {
      const [, count] = await manager.query<[unknown[], number]>('UPDATE job_schedule SET paused = true, updated_at = now() WHERE workspace_id = $1 AND name = $2', [context.workspace, name]);
      if (count === 0) throw notFound('The schedule');
    });
  }

  /** Goes on with the next slot; what was paused is not made up for. Throws NOT_FOUND. */
  async resume(context: RequestContext, name: string): Promise<void> {
    await this.database.write(context, async (manager) => {
      const [row] = await manager.query<(JobSchedule & { now: Date })[]>(`SELECT ${SCHEDULE_COLUMNS}, now() AS now FROM job_schedule WHERE workspace_id = $1 AND name = $2 FOR UPDATE`, [context.workspace, name]);
      if (!row) throw notFound('The schedule');
      if (!row.paused) return;
      await manager.query('UPDATE job_schedule SET paused = false, next_slot = $3, updated_at = now() WHERE workspace_id = $1 AND name = $2', [context.workspace, name, nextSlot(row, row.now)]);
    });
  }

  /** Begins the job now, beside its schedule, and returns its id. Throws NOT_FOUND. */
  async runNow(context: RequestContext, name: string): Promise<string> {
    const definition = this.definitions.find((candidate) => candidate.name === name);
    if (!definition) throw notFound('The schedule');
    return this.database.write(context, async (manager) => {
      const [row] = await manager.query<{ now: Date }[]>('SELECT now() AS now FROM job_schedule WHERE workspace_id = $1 AND name = $2', [context.workspace, name]);
      if (!row) throw notFound('The schedule');
      return this.begin(context, definition, row.now, `asked ${context.requestId}`);
    });
  }

  /** One workspace that cannot be served must not keep the others from their turn. */
  private async each(found: readonly { workspaceId: string; name: string }[], run: (context: RequestContext, definition: ScheduledDefinition) => Promise<number>): Promise<number> {
    let begun = 0;
    for (const { workspaceId, name } of found) {
      const definition = this.definitions.find((candidate) => candidate.name === name);
      if (!definition) continue;
      try {
        begun += await run(systemContext(workspaceId), definition);
      } catch (error) {
        this.logger.error('a schedule could not begin its job', error, { schedule: name, workspaceId });
      }
    }
    return begun;
  }

  private runOne(context: RequestContext, definition: ScheduledDefinition, now: Date | null): Promise<number> {
    return this.database.write(context, async (manager) => {
      const taken = await takeSchedule(manager, context.workspace, definition.name, now, true);
      if (!taken) return 0;
      const { run, next } = slotsToRun(taken, taken.catchUp, taken.nextSlot, taken.now);
      for (const slot of run) await this.begin(context, definition, slot, `slot ${slot.toISOString()}`);
      await advanceSchedule(manager, context.workspace, definition.name, run.at(-1) ?? null, next);
      return run.length;
    });
  }

  private runOneToday(context: RequestContext, definition: ScheduledDefinition, now: Date): Promise<number> {
    return this.database.write(context, async (manager) => {
      const taken = await takeSchedule(manager, context.workspace, definition.name, now, false);
      const slot = taken && slotOfToday(taken, now);
      if (!taken || !slot || (taken.lastSlot !== null && taken.lastSlot >= slot)) return 0;
      await this.begin(context, definition, slot, `slot ${slot.toISOString()}`);
      await advanceSchedule(manager, context.workspace, definition.name, slot, nextSlot(taken, slot));
      return 1;
    });
  }

  private begin(context: RequestContext, definition: ScheduledDefinition, slot: Date, dedupeKey: string): Promise<string> {
    const payload = { slot: slot.toISOString() };
    return this.jobs.enqueue(context, definition as JobDefinition, definition.payload.safeParse(payload).success ? payload : {}, { dedupeKey });
  }
}
