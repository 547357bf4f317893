import type { EntityManager } from 'typeorm';
import type { JobDefinition, ScheduleRule } from '../definition/define-job.js';
import { nextSlot, type CatchUp, type SlotRule } from './slots.js';

export type ScheduledDefinition = JobDefinition & { readonly schedule: ScheduleRule };

/** A row of job_schedule: what one workspace begins by the clock. */
export interface JobSchedule extends SlotRule {
  readonly name: string;
  readonly catchUp: CatchUp;
  readonly paused: boolean;
  readonly lastSlot: Date | null;
  readonly nextSlot: Date;
}

export const SCHEDULE_COLUMNS = 'name, cron, time_zone AS "timeZone", catch_up AS "catchUp", paused, last_slot AS "lastSlot", next_slot AS "nextSlot"';

interface Wanted extends SlotRule {
  readonly workspaceId: string;
  readonly name: string;
  readonly catchUp: CatchUp;
}

/** What the definitions ask for and no row says. Rows that say something else are left alone where only missing ones are wanted. */
const FIND_WANTED = `
SELECT w.id AS "workspaceId", d.name, d.cron, coalesce(d.zone, w.time_zone) AS "timeZone", d.catch_up AS "catchUp"
FROM workspace w CROSS JOIN unnest($1::text[], $2::text[], $3::text[], $4::text[], $6::boolean[]) AS d (name, cron, zone, catch_up, once)
LEFT JOIN job_schedule s ON s.workspace_id = w.id AND s.name = d.name
WHERE (NOT d.once OR w.id = (SELECT id FROM workspace ORDER BY created_at, id LIMIT 1))
  AND (s.name IS NULL OR (NOT $5::boolean AND (s.cron, s.time_zone, s.catch_up) IS DISTINCT FROM (d.cron, coalesce(d.zone, w.time_zone), d.catch_up)))`;

/** A schedule that is changed keeps its pause, and begins anew with the next time of the new rule. */
const UPSERT = `
INSERT INTO job_schedule AS s (workspace_id, name, cron, time_zone, catch_up, next_slot)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[])
ON CONFLICT (workspace_id, name) DO UPDATE SET cron = excluded.cron, time_zone = excluded.time_zone, catch_up = excluded.catch_up, updated_at = now(),
  next_slot = CASE WHEN (s.cron, s.time_zone) IS DISTINCT FROM (excluded.cron, excluded.time_zone) THEN excluded.next_slot ELSE s.next_slot END`;

/** A workspace whose time zone this machine does not know is served in UTC, not left out. */
function firstSlot(wanted: Wanted, now: Date): { timeZone: string; slot: Date } {
  try {
    return { timeZone: wanted.timeZone, slot: nextSlot(wanted, now) };
  } catch {
    return { timeZone: 'UTC', slot: nextSlot({ ...wanted, timeZone: 'UTC' }, now) };
  }
}

/** Writes the rows that are missing, or also those that differ, for all workspaces. Returns how many. */
export async function writeRows(manager: EntityManager, definitions: readonly ScheduledDefinition[], onlyMissing: boolean): Promise<number> {
  const rules = definitions.map(({ schedule }) => schedule);
  const wanted = await manager.query<Wanted[]>(FIND_WANTED, [
    definitions.map(({ name }) => name), rules.map(({ cron }) => cron), rules.map(({ timeZone }) => timeZone ?? null), rules.map(({ catchUp }) => catchUp ?? 'last'), onlyMissing,
    rules.map(({ once }) => once ?? false)]);
  if (wanted.length === 0) return 0;
  const [{ now }] = await manager.query<[{ now: Date }]>('SELECT now() AS now');
  const first = wanted.map((row) => firstSlot(row, now));
  await manager.query(UPSERT, [
    wanted.map(({ workspaceId }) => workspaceId), wanted.map(({ name }) => name), wanted.map(({ cron }) => cron), first.map(({ timeZone }) => timeZone),
    wanted.map(({ catchUp }) => catchUp), first.map(({ slot }) => slot)]);
  return wanted.length;
}

/** Deletes the rows of definitions that are no more. */
export const deleteOtherRows = (manager: EntityManager, definitions: readonly ScheduledDefinition[]): Promise<unknown> =>
  manager.query('DELETE FROM job_schedule WHERE name <> ALL ($1::text[])', [definitions.map(({ name }) => name)]);

export interface DueSchedule extends JobSchedule {
  readonly now: Date;
}

/** Takes one schedule for the surrounding transaction; null where it is paused, gone, taken by another call or, if it must be due, is not. */
export async function takeSchedule(manager: EntityManager, workspaceId: string, name: string, now: Date | null, mustBeDue: boolean): Promise<DueSchedule | null> {
  const [row] = await manager.query<DueSchedule[]>(
    `SELECT ${SCHEDULE_COLUMNS}, coalesce($3::timestamptz, now()) AS now FROM job_schedule
     WHERE workspace_id = $1 AND name = $2 AND NOT paused AND (NOT $4::boolean OR next_slot <= coalesce($3::timestamptz, now())) FOR UPDATE SKIP LOCKED`,
    [workspaceId, name, now, mustBeDue]);
  return row ?? null;
}

/** Notes what was begun and what comes next. */
export const advanceSchedule = (manager: EntityManager, workspaceId: string, name: string, last: Date | null, next: Date): Promise<unknown> => manager.query(
  `UPDATE job_schedule SET last_slot = greatest(last_slot, $3), next_slot = greatest(next_slot, $4), updated_at = now() WHERE workspace_id = $1 AND name = $2`,
  [workspaceId, name, last, next]);
