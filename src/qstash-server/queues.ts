import type pg from 'pg';
import { ContractError } from './contract-error.js';
import { cancelMessages } from './messages.js';

const MAX_PARALLELISM = 1_000;

interface QueueRow {
  readonly name: string;
  readonly parallelism: number;
  readonly paused: boolean;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly lag: string;
}

/** The name, if a queue can have it. Throws 400. */
export function checkQueueName(name: unknown): string {
  if (typeof name !== 'string' || !/^[\w.-]{1,200}$/.test(name)) throw new ContractError(400, 'a queue name may hold letters, digits and . - _ only');
  return name;
}

/** All queues, or the named one. Throws 404 for a name that is not there. */
export async function listQueues(pool: pg.Pool, name: string | null): Promise<Record<string, unknown>[]> {
  const { rows } = await pool.query<QueueRow>(
    `SELECT q.*, (SELECT count(*) FROM qstash.message m WHERE m.queue_name = q.name AND m.occupies AND m.state = 'waiting') AS lag
     FROM qstash.queue q WHERE $1::text IS NULL OR q.name = $1 ORDER BY q.name`, [name]);
  if (name !== null && rows.length === 0) throw new ContractError(404, `queue ${name} not found`);
  return rows.map((row) => ({
    name: row.name, parallelism: row.parallelism, paused: row.paused, lag: Number(row.lag), createdAt: row.created_at.getTime(), updatedAt: row.updated_at.getTime(),
  }));
}

/** Makes the queue or changes it. Throws 400. */
export async function saveQueue(pool: pg.Pool, { queueName, parallelism, paused }: Record<string, unknown>): Promise<undefined> {
  const name = checkQueueName(queueName);
  const width = parallelism === undefined ? 1 : Number(parallelism);
  if (!Number.isInteger(width) || width < 1 || width > MAX_PARALLELISM) throw new ContractError(400, `parallelism must be a whole number from 1 to ${MAX_PARALLELISM}`);
  await pool.query(
    `INSERT INTO qstash.queue (name, parallelism, paused) VALUES ($1, $2, $3)
     ON CONFLICT (name) DO UPDATE SET parallelism = $2, paused = $3, updated_at = now()`, [name, width, paused === true]);
  return undefined;
}

/** Throws 404. */
export async function setQueuePaused(pool: pg.Pool, name: string, paused: boolean): Promise<undefined> {
  const { rowCount } = await pool.query('UPDATE qstash.queue SET paused = $2, updated_at = now() WHERE name = $1', [name, paused]);
  if (rowCount === 0) throw new ContractError(404, `queue ${name} not found`);
  return undefined;
}

/** Deletes the queue and cancels what waits in it. Throws 404. */
export async function deleteQueue(pool: pg.Pool, name: string): Promise<undefined> {
  const { rowCount } = await pool.query('DELETE FROM qstash.queue WHERE name = $1', [name]);
  if (rowCount === 0) throw new ContractError(404, `queue ${name} not found`);
  await cancelMessages(pool, { where: 'm.queue_name = ANY ($1::text[])', values: [[name]], cursor: null, count: null });
  return undefined;
}
