import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { ContractError } from './contract-error.js';
import type { DeliverySettings } from './delivery-settings.js';

const DEDUPLICATION_MINUTES = 10;

export interface MessageRow {
  readonly id: string;
  readonly url: string;
  readonly method: string;
  readonly headers: Record<string, string[]>;
  readonly body: Buffer;
  readonly state: string;
  readonly max_retries: number;
  readonly retried: number;
  readonly timeout_seconds: number | null;
  readonly not_before: Date;
  readonly queue_name: string | null;
  readonly schedule_id: string | null;
  readonly label: string | null;
  readonly created_at: Date;
  readonly dlq_id: string | null;
  readonly response_status: number | null;
  readonly response_headers: Record<string, string[]> | null;
  readonly response_body: Buffer | null;
}

export interface Published {
  readonly messageId: string;
  readonly deduplicated?: true;
}

export interface NewMessage {
  readonly url: string;
  readonly body: Buffer;
  readonly settings: DeliverySettings;
  readonly queueName?: string | null;
  readonly scheduleId?: string | null;
}

const newMessageId = (): string => `msg_${randomBytes(20).toString('base64url')}`;

/** Text bodies as they are, others as base64. */
function bodyFields(body: Buffer, name: string): Record<string, string> {
  const text = body.toString('utf8');
  return Buffer.from(text, 'utf8').equals(body) ? { [name]: text } : { [`${name}Base64`]: body.toString('base64') };
}

/** A message as the API shows it. */
export function messageView(row: MessageRow): Record<string, unknown> {
  return {
    messageId: row.id, url: row.url, method: row.method, header: row.headers, ...bodyFields(row.body, 'body'),
    maxRetries: row.max_retries, notBefore: row.not_before.getTime(), createdAt: row.created_at.getTime(), callerIP: '127.0.0.1',
    ...(row.queue_name === null ? {} : { queueName: row.queue_name }),
    ...(row.schedule_id === null ? {} : { scheduleId: row.schedule_id }),
    ...(row.label === null ? {} : { label: row.label, labels: row.label.split(',') }),
    ...(row.timeout_seconds === null ? {} : { timeout: row.timeout_seconds }),
  };
}

/** A dead letter as the API shows it. */
export const deadLetterView = (row: MessageRow): Record<string, unknown> => ({
  ...messageView(row), dlqId: row.dlq_id, responseStatus: row.response_status ?? 0, responseHeader: row.response_headers ?? {},
  ...bodyFields(row.response_body ?? Buffer.alloc(0), 'responseBody'),
});

/** Writes one message inside the caller's transaction, unless its deduplication id was seen within the window. */
export async function insertMessage(client: pg.ClientBase, message: NewMessage): Promise<Published> {
  const { settings } = message;
  const id = newMessageId();
  if (settings.deduplicationId !== null) {
    const claimed = await client.query<{ message_id: string }>(
      `INSERT INTO qstash.deduplication AS d (id, message_id, expires_at) VALUES ($1, $2, now() + interval '${DEDUPLICATION_MINUTES} minutes')
       ON CONFLICT (id) DO UPDATE SET message_id = CASE WHEN d.expires_at < now() THEN excluded.message_id ELSE d.message_id END,
                                      expires_at = CASE WHEN d.expires_at < now() THEN excluded.expires_at ELSE d.expires_at END
       RETURNING message_id`, [settings.deduplicationId, id]);
    const owner = claimed.rows[0]!.message_id;
    if (owner !== id) return { messageId: owner, deduplicated: true };
  }
  if (message.queueName) await client.query('INSERT INTO qstash.queue (name) VALUES ($1) ON CONFLICT (name) DO NOTHING', [message.queueName]);
  const notBefore = settings.notBefore ?? new Date(Date.now() + settings.delayMs);
  await client.query(
    `INSERT INTO qstash.message (id, url, method, headers, body, max_retries, timeout_seconds, not_before, attempt_at, queue_name, schedule_id, label)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, $10, $11)`,
    [id, message.url, settings.method, JSON.stringify(settings.headers), message.body, settings.maxRetries, settings.timeoutSeconds, notBefore,
      message.queueName ?? null, message.scheduleId ?? null, settings.label]);
  return { messageId: id };
}

/** Runs the work in a transaction and wakes the dispatchers when it is committed. */
export async function inTransaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query(`SELECT pg_notify('qstash_due', '')`);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

/** A message that waits or ended in the last minutes. Throws 404. */
export async function getMessage(pool: pg.Pool, id: string): Promise<MessageRow> {
  const { rows } = await pool.query<MessageRow>(`SELECT * FROM qstash.message WHERE id = $1 AND state NOT IN ('delivered', 'cancelled', 'dead')`, [id]);
  if (!rows[0]) throw new ContractError(404, `message ${id} not found`);
  return rows[0];
}

/** Cancels waiting messages and returns how many; `ids` null means all of them. */
export async function cancelMessages(pool: pg.Pool, ids: readonly string[] | null): Promise<number> {
  const { rowCount } = await pool.query(
    `UPDATE qstash.message SET state = 'cancelled', finished_at = now(), lease_until = NULL, lease_token = NULL
     WHERE state = 'waiting' AND ($1::text[] IS NULL OR id = ANY ($1))`, [ids]);
  return rowCount ?? 0;
}
