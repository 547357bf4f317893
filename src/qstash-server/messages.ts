import type pg from 'pg';
import { ContractError } from './contract-error.js';
import type { Filter } from './filters.js';
import type { MessageRow } from './message-row.js';
import { releasePlaces } from './places.js';

/** Ended messages can be read for a minute, as clients do just after publishing. */
const RECENT = `state IN ('delivered', 'dead', 'removed') AND finished_at > now() - interval '60 seconds'`;

/** A message that waits or ended in the last minute. Throws 404. */
export async function getMessage(pool: pg.Pool, id: string): Promise<MessageRow> {
  const { rows } = await pool.query<MessageRow>(`SELECT * FROM qstash.message WHERE id = $1 AND (state = 'waiting' OR ${RECENT})`, [id]);
  if (!rows[0]) throw new ContractError(404, `message ${id} not found`);
  return rows[0];
}

/** Cancels the waiting messages that the filter selects and returns how many. One that is under way is not stopped, but what comes of it is ignored. */
export async function cancelMessages(pool: pg.Pool, { where, values }: Filter): Promise<number> {
  const { rows } = await pool.query<{ id: string; source_id: string | null }>(
    `WITH ended AS (
       UPDATE qstash.message m SET state = 'cancelled', finished_at = now(), lease_until = NULL, lease_token = NULL
       WHERE m.state = 'waiting' AND ${where} RETURNING id, source_id),
     noted AS (INSERT INTO qstash.event (message_id, state) SELECT id, s FROM ended CROSS JOIN unnest(ARRAY['CANCEL_REQUESTED', 'CANCELED']) s)
     SELECT id, source_id FROM ended`, [...values]);
  await releasePlaces(pool, rows);
  return rows.length;
}

/** Cancels one message; one that has just ended counts as nothing. Throws 404. */
export async function cancelMessage(pool: pg.Pool, id: string): Promise<number> {
  const cancelled = await cancelMessages(pool, { where: 'm.id = ANY ($1::text[])', values: [[id]], cursor: null, count: null });
  if (cancelled === 0) await getMessage(pool, id);
  return cancelled;
}

/** Makes a waiting message due now. Throws 404, or 400 for one in a queue, whose order would break. */
export async function runNow(pool: pg.Pool, id: string): Promise<void> {
  const { rows } = await pool.query<{ queue_name: string | null }>(`SELECT queue_name FROM qstash.message WHERE id = $1 AND state = 'waiting'`, [id]);
  if (!rows[0]) throw new ContractError(404, `message ${id} not found`);
  if (rows[0].queue_name !== null) throw new ContractError(400, 'a message in a queue cannot be run out of order');
  await pool.query(`UPDATE qstash.message SET attempt_at = now() WHERE id = $1 AND state = 'waiting' AND attempt_at > now()`, [id]);
}
