import { randomBytes } from 'node:crypto';
import { Cron } from 'croner';
import type pg from 'pg';
import { ContractError } from './contract-error.js';
import type { DeliverySettings } from './delivery-settings.js';
import { inTransaction, insertMessage } from './message-store.js';

interface ScheduleRow {
  readonly id: string;
  readonly cron: string;
  readonly url: string;
  readonly method: string;
  readonly headers: Record<string, string[]>;
  readonly body: Buffer;
  readonly max_retries: number;
  readonly timeout_seconds: number | null;
  readonly delay_ms: string;
  readonly queue_name: string | null;
  readonly label: string | null;
  readonly paused: boolean;
  readonly created_at: Date;
  readonly last_at: Date | null;
  readonly next_at: Date | null;
}

/** The first time of the expression after `from`; `CRON_TZ=Zone ` in front names the time zone. Throws 400. */
export function nextTime(expression: string, from: Date): Date | null {
  const match = /^(?:CRON_TZ=(\S+)\s+)?(.+)$/.exec(expression.trim());
  if (!match || match[2]!.trim().split(/\s+/).length !== 5) throw new ContractError(400, `invalid cron expression "${expression}": five fields are expected`);
  try {
    return new Cron(match[2]!.trim(), { timezone: match[1] ?? 'UTC', paused: true }).nextRun(from);
  } catch (error) {
    throw new ContractError(400, `invalid cron expression "${expression}": ${(error as Error).message}`);
  }
}

export interface NewSchedule {
  readonly id: string | null;
  readonly cron: string;
  readonly url: string;
  readonly body: Buffer;
  readonly queueName: string | null;
  readonly settings: DeliverySettings;
}

/** Makes the schedule, or replaces the one with this id. */
export async function saveSchedule(pool: pg.Pool, { id, cron, url, body, queueName, settings }: NewSchedule): Promise<{ scheduleId: string }> {
  const scheduleId = id ?? `scd_${randomBytes(16).toString('base64url')}`;
  await inTransaction(pool, (client) => client.query(
    `INSERT INTO qstash.schedule (id, cron, url, method, headers, body, max_retries, timeout_seconds, delay_ms, queue_name, label, next_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
     ON CONFLICT (id) DO UPDATE SET cron = $2, url = $3, method = $4, headers = $5, body = $6, max_retries = $7, timeout_seconds = $8,
       delay_ms = $9, queue_name = $10, label = $11, next_at = $12`,
    [scheduleId, cron.trim(), url, settings.method, JSON.stringify(settings.headers), body, settings.maxRetries, settings.timeoutSeconds,
      Math.round(settings.delayMs), queueName, settings.label, nextTime(cron, new Date())]));
  return { scheduleId };
}

const scheduleView = (row: ScheduleRow): Record<string, unknown> => ({
  scheduleId: row.id, cron: row.cron, createdAt: row.created_at.getTime(), destination: row.url, method: row.method, header: row.headers,
  body: row.body.toString('utf8'), retries: row.max_retries, delay: Number(row.delay_ms) / 1_000, callerIP: '127.0.0.1', isPaused: row.paused,
  ...(row.queue_name === null ? {} : { queueName: row.queue_name }), ...(row.label === null ? {} : { label: row.label }),
  ...(row.last_at === null ? {} : { lastScheduleTime: row.last_at.getTime() }), ...(row.next_at === null ? {} : { nextScheduleTime: row.next_at.getTime() }),
});

export async function listSchedules(pool: pg.Pool): Promise<Record<string, unknown>[]> {
  const { rows } = await pool.query<ScheduleRow>('SELECT * FROM qstash.schedule ORDER BY created_at');
  return rows.map(scheduleView);
}

/** Throws 404. */
export async function getSchedule(pool: pg.Pool, id: string): Promise<Record<string, unknown>> {
  const { rows } = await pool.query<ScheduleRow>('SELECT * FROM qstash.schedule WHERE id = $1', [id]);
  if (!rows[0]) throw new ContractError(404, `schedule ${id} not found`);
  return scheduleView(rows[0]);
}

/** Throws 404. */
export async function deleteSchedule(pool: pg.Pool, id: string): Promise<void> {
  const { rowCount } = await pool.query('DELETE FROM qstash.schedule WHERE id = $1', [id]);
  if (rowCount === 0) throw new ContractError(404, `schedule ${id} not found`);
}

/** A paused schedule loses its times; resumed, it goes on with the next one. Throws 404. */
export async function setPaused(pool: pg.Pool, id: string, paused: boolean): Promise<void> {
  const { rows } = await pool.query<{ cron: string }>('SELECT cron FROM qstash.schedule WHERE id = $1', [id]);
  if (!rows[0]) throw new ContractError(404, `schedule ${id} not found`);
  await pool.query('UPDATE qstash.schedule SET paused = $2, next_at = $3 WHERE id = $1', [id, paused, nextTime(rows[0].cron, new Date())]);
}

/** Publishes a message for each schedule whose time has come; several processes share them. Missed times are one message. */
export async function publishDueSchedules(pool: pg.Pool): Promise<void> {
  const { rows: due } = await pool.query('SELECT 1 FROM qstash.schedule WHERE NOT paused AND next_at <= now() LIMIT 1');
  if (due.length === 0) return;
  await inTransaction(pool, async (client) => {
    const { rows } = await client.query<ScheduleRow>('SELECT * FROM qstash.schedule WHERE NOT paused AND next_at <= now() FOR UPDATE SKIP LOCKED');
    for (const row of rows) {
      await insertMessage(client, {
        url: row.url, body: row.body, queueName: row.queue_name, scheduleId: row.id,
        settings: {
          method: row.method, headers: row.headers, maxRetries: row.max_retries, timeoutSeconds: row.timeout_seconds,
          delayMs: Number(row.delay_ms), notBefore: null, label: row.label, deduplicationId: null,
        },
      });
      await client.query('UPDATE qstash.schedule SET last_at = now(), next_at = $2 WHERE id = $1', [row.id, nextTime(row.cron, new Date())]);
    }
  });
}
