import type pg from 'pg';
import type { Context } from './context.js';
import { ContractError } from './contract-error.js';
import { transaction } from './database.js';
import { completeSettings, overrideSettings, readPublishSettings } from './delivery-settings.js';
import { cursorNumber, type Filter } from './filters.js';
import { insertMessages, type Published } from './message-insert.js';
import { deadLetterView, type MessageRow } from './message-row.js';

const PAGE = 100;

interface Page {
  readonly rows: MessageRow[];
  readonly cursor: string | null;
}

/** Dead letters that the filter selects, the newest first, from the cursor on; without a count, as many as `most`. */
async function select(client: Pick<pg.ClientBase, 'query'>, { where, values, cursor, count }: Filter, most: number, lock = ''): Promise<Page> {
  const limit = Math.min(most, count ?? most);
  const first = values.length + 1;
  const { rows } = await client.query<MessageRow>(
    `SELECT * FROM qstash.message m WHERE m.state = 'dead' AND ${where} AND ($${first}::bigint IS NULL OR m.sequence < $${first}) ORDER BY m.sequence DESC LIMIT $${first + 1} ${lock}`,
    [...values, cursorNumber(cursor), limit + 1]);
  const page = rows.slice(0, limit);
  return { rows: page, cursor: rows.length > limit ? page.at(-1)!.sequence : null };
}

/** One page of dead letters as the API shows them. */
export async function listDeadLetters(pool: pg.Pool, filter: Filter): Promise<Record<string, unknown>> {
  const { rows, cursor } = await select(pool, filter, PAGE);
  return { messages: rows.map(deadLetterView), ...(cursor === null ? {} : { cursor }) };
}

/** Throws 404. */
export async function getDeadLetter(pool: pg.Pool, dlqId: string): Promise<Record<string, unknown>> {
  const { rows } = await pool.query<MessageRow>(`SELECT * FROM qstash.message WHERE state = 'dead' AND dlq_id = $1`, [dlqId]);
  if (!rows[0]) throw new ContractError(404, `dlq message ${dlqId} not found`);
  return deadLetterView(rows[0]);
}

/** The filter that selects one dead letter. */
export const oneDeadLetter = (dlqId: string): Filter => ({ where: 'm.dlq_id = ANY ($1::text[])', values: [[dlqId]], cursor: null, count: null });

/** Passes for a dead letter that was deleted or retried already: clients delete what they have retried. Throws 404 for any other. */
export async function requireOnceDead(pool: pg.Pool, dlqId: string): Promise<void> {
  const { rowCount } = await pool.query(`SELECT 1 FROM qstash.message WHERE state = 'removed' AND dlq_id = $1`, [dlqId]);
  if (rowCount === 0) throw new ContractError(404, `dlq message ${dlqId} not found`);
}

const BULK = 10_000;

const remove = async (client: pg.ClientBase, rows: readonly MessageRow[]): Promise<void> =>
  void await client.query(`UPDATE qstash.message SET state = 'removed' WHERE id = ANY ($1)`, [rows.map(({ id }) => id)]);

/** Deletes dead letters; the messages stay in the events until those are forgotten. */
export async function deleteDeadLetters(pool: pg.Pool, filter: Filter): Promise<{ deleted: number; cursor?: string }> {
  return transaction(pool, async (client) => {
    const { rows, cursor } = await select(client, filter, BULK, 'FOR UPDATE');
    await remove(client, rows);
    return { deleted: rows.length, ...(cursor === null ? {} : { cursor }) };
  });
}

/** Turns dead letters into new messages, in one transaction; what the headers say goes before what the messages said. */
export async function retryDeadLetters(context: Context, filter: Filter, headers: ReadonlyMap<string, string>): Promise<{ cursor: string; responses: Published[] }> {
  const check = (url: string): string => context.destinations.check(url);
  const result = await transaction(context.pool, async (client) => {
    const { rows, cursor } = await select(client, filter, BULK, 'FOR UPDATE');
    await remove(client, rows);
    const messages = rows.map((row) => ({
      url: check(row.url), body: row.body, queueName: row.queue_name, scheduleId: row.schedule_id, topicName: row.topic_name, endpointName: row.endpoint_name,
      callerIp: row.caller_ip, settings: overrideSettings(completeSettings(row.settings), headers, check),
      ...readPublishSettings(new Map([...headers].filter(([name]) => name === 'upstash-delay' || name === 'upstash-not-before')), row.url, row.body, {}),
    }));
    return { cursor: cursor ?? '', responses: await insertMessages(client, messages, context.deduplicationSeconds) };
  });
  context.wake();
  return result;
}
