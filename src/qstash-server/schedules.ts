import { randomBytes } from 'node:crypto';
import { Cron } from 'croner';
import type pg from 'pg';
import type { Context } from './context.js';
import { ContractError } from './contract-error.js';
import { completeSettings, type DeliverySettings } from './delivery-settings.js';
import { bodyFields, present, settingsView } from './message-row.js';
import { redactedBody } from './redaction.js';

export interface ScheduleRow {
  readonly id: string;
  readonly cron: string;
  readonly destination: string;
  readonly body: Buffer;
  readonly settings: Partial<DeliverySettings> & { readonly delayMs?: number };
  readonly queue_name: string | null;
  readonly caller_ip: string;
  readonly paused: boolean;
  readonly created_at: Date;
  readonly last_at: Date | null;
  readonly next_at: Date | null;
}

interface ListedRow extends ScheduleRow {
  readonly states: Record<string, string> | null;
}

const SELECT = `
SELECT s.*, (SELECT jsonb_object_agg(m.id, CASE m.state WHEN 'waiting' THEN 'IN_PROGRESS' WHEN 'delivered' THEN 'SUCCESS' ELSE 'FAIL' END)
             FROM qstash.message m WHERE m.id = ANY (s.last_message_ids)) AS states
FROM qstash.schedule s`;

/** The first time of the expression after `from`; `CRON_TZ=Zone ` in front names the time zone. Throws 400. */
export function nextTime(expression: string, from: Date): Date | null {
  const match = /^(?:CRON_TZ=(\S+)\s+)?(.+)$/.exec(expression.trim());
  if (!match || match[2]!.trim().split(/\s+/).length !== 5) throw new ContractError(400, `invalid cron expression "${expression.slice(0, 200)}": five fields are expected`);
  try {
    return new Cron(match[2]!.trim(), { timezone: match[1] ?? 'UTC', paused: true }).nextRun(from);
  } catch (error) {
    throw new ContractError(400, `invalid cron expression "${expression.slice(0, 200)}": ${(error as Error).message}`);
  }
}

export interface NewSchedule {
  readonly id: string | null;
  readonly cron: string;
  /** An address or the name of a URL group. */
  readonly destination: string;
  readonly body: Buffer;
  readonly queueName: string | null;
  readonly callerIp: string;
  readonly delayMs: number;
  readonly settings: DeliverySettings;
}

/** Makes the schedule, or replaces the one with this id. Throws 400. */
export async function saveSchedule(pool: pg.Pool, { id, cron, destination, body, queueName, callerIp, delayMs, settings }: NewSchedule): Promise<{ scheduleId: string }> {
  if (id !== null && !/^[\w.:-]{1,200}$/.test(id)) throw new ContractError(400, 'Upstash-Schedule-Id may hold letters, digits and . : - _ only');
  const scheduleId = id ?? `scd_${randomBytes(16).toString('base64url')}`;
  await pool.query(
    `INSERT INTO qstash.schedule (id, cron, destination, body, queue_name, caller_ip, settings, next_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT (id) DO UPDATE SET cron = $2, destination = $3, body = $4, queue_name = $5, caller_ip = $6, settings = $7, next_at = $8`,
    [scheduleId, cron.trim(), destination, body, queueName, callerIp, JSON.stringify({ ...settings, delayMs }), nextTime(cron, await databaseTime(pool))]);
  return { scheduleId };
}

async function databaseTime(pool: pg.Pool): Promise<Date> {
  return (await pool.query<{ now: Date }>('SELECT now() AS now')).rows[0]!.now;
}

function scheduleView(row: ListedRow): Record<string, unknown> {
  const settings = completeSettings(row.settings);
  const delay = (row.settings.delayMs ?? 0) / 1_000;
  return {
    scheduleId: row.id, cron: row.cron, createdAt: row.created_at.getTime(), destination: row.destination, ...bodyFields(redactedBody(row.body, settings.redact), 'body'),
    ...settingsView(settings), retries: settings.maxRetries, callerIP: row.caller_ip, isPaused: row.paused, ...(delay > 0 ? { delay } : {}),
    ...present({
      queueName: row.queue_name, lastScheduleTime: row.last_at?.getTime(), nextScheduleTime: row.next_at?.getTime(), lastScheduleStates: row.states,
    }),
  };
}

export async function listSchedules(pool: pg.Pool): Promise<Record<string, unknown>[]> {
  return (await pool.query<ListedRow>(`${SELECT} ORDER BY s.created_at`)).rows.map(scheduleView);
}

/** Throws 404. */
export async function getSchedule(pool: pg.Pool, id: string): Promise<Record<string, unknown>> {
  const { rows } = await pool.query<ListedRow>(`${SELECT} WHERE s.id = $1`, [id]);
  if (!rows[0]) throw new ContractError(404, `schedule ${id} not found`);
  return scheduleView(rows[0]);
}

/** Throws 404. */
export async function deleteSchedule(pool: pg.Pool, id: string): Promise<undefined> {
  const { rowCount } = await pool.query('DELETE FROM qstash.schedule WHERE id = $1', [id]);
  if (rowCount === 0) throw new ContractError(404, `schedule ${id} not found`);
  return undefined;
}

/** A paused schedule loses its times; resumed, it goes on with the next one. Throws 404. */
export async function setSchedulePaused({ pool }: Context, id: string, paused: boolean): Promise<undefined> {
  const { rows } = await pool.query<{ cron: string }>('SELECT cron FROM qstash.schedule WHERE id = $1', [id]);
  if (!rows[0]) throw new ContractError(404, `schedule ${id} not found`);
  await pool.query('UPDATE qstash.schedule SET paused = $2, next_at = $3 WHERE id = $1', [id, paused, nextTime(rows[0].cron, await databaseTime(pool))]);
  return undefined;
}
