import type pg from 'pg';
import { ContractError } from './contract-error.js';
import { inTransaction, insertMessage, type MessageRow, type Published } from './message-store.js';

const PAGE = 100;

/** Dead letters, the newest first, from the cursor on. */
export async function listDeadLetters(pool: pg.Pool, cursor: string | null, count: number, messageId: string | null): Promise<{ rows: MessageRow[]; cursor: string | null }> {
  const limit = Math.min(PAGE, count);
  const { rows } = await pool.query<MessageRow & { sequence: string }>(
    `SELECT * FROM qstash.message WHERE state = 'dead' AND ($1::bigint IS NULL OR sequence < $1) AND ($2::text IS NULL OR id = $2)
     ORDER BY sequence DESC LIMIT $3`, [cursor, messageId, limit + 1]);
  const page = rows.slice(0, limit);
  return { rows: page, cursor: rows.length > limit ? page.at(-1)!.sequence : null };
}

/** Throws 404. */
export async function getDeadLetter(pool: pg.Pool, dlqId: string): Promise<MessageRow> {
  const { rows } = await pool.query<MessageRow>(`SELECT * FROM qstash.message WHERE state = 'dead' AND dlq_id = $1`, [dlqId]);
  if (!rows[0]) throw new ContractError(404, `dlq message ${dlqId} not found`);
  return rows[0];
}

/** Deletes the named dead letters, or all where `ids` is null, and returns how many. */
export async function deleteDeadLetters(pool: pg.Pool, ids: readonly string[] | null): Promise<number> {
  const { rowCount } = await pool.query(`DELETE FROM qstash.message WHERE state = 'dead' AND ($1::text[] IS NULL OR dlq_id = ANY ($1))`, [ids]);
  return rowCount ?? 0;
}

/** Turns dead letters into new messages, in one transaction. */
export async function retryDeadLetters(pool: pg.Pool, ids: readonly string[] | null): Promise<Published[]> {
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<MessageRow>(
      `DELETE FROM qstash.message WHERE state = 'dead' AND ($1::text[] IS NULL OR dlq_id = ANY ($1)) RETURNING *`, [ids]);
    const published: Published[] = [];
    for (const row of rows) {
      published.push(await insertMessage(client, {
        url: row.url, body: row.body, queueName: row.queue_name, scheduleId: row.schedule_id,
        settings: {
          method: row.method, headers: row.headers, maxRetries: row.max_retries, timeoutSeconds: row.timeout_seconds,
          delayMs: 0, notBefore: null, label: row.label, deduplicationId: null,
        },
      }));
    }
    return published;
  });
}
