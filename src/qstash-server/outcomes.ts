import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { callbacksOf } from './callbacks.js';
import type { Context } from './context.js';
import { transaction } from './database.js';
import { nextDelay } from './delays.js';
import { completeSettings } from './delivery-settings.js';
import type { Answer } from './delivery.js';
import { insertMessages, type NewMessage } from './message-insert.js';
import type { MessageRow } from './message-row.js';
import { releasePlaces } from './places.js';

const NON_RETRYABLE = 489;
const NOTED_BODY = 10_000;

interface Outcome {
  readonly message: MessageRow;
  readonly lease: string;
  readonly state: 'delivered' | 'waiting' | 'dead';
  readonly waitMs: number;
  readonly dlqId: string | null;
  readonly answer: Answer;
  readonly callbacks: readonly NewMessage[];
}

/** Writes what came of attempts. A claim that was lost or cancelled meanwhile changes nothing. */
const FINISH = `
WITH ended AS (
  SELECT * FROM unnest($1::text[], $2::uuid[], $3::text[], $4::float8[], $5::text[], $6::int[], $7::text[], $8::bytea[], $9::text[], $10::text[])
    AS e(id, lease, outcome, wait, new_dlq_id, status, headers, answer, error, noted)),
changed AS (
  UPDATE qstash.message m SET state = e.outcome, retried = m.retried + (e.outcome = 'waiting')::int,
    attempt_at = CASE WHEN e.outcome = 'waiting' THEN now() + make_interval(secs => e.wait / 1000) ELSE m.attempt_at END,
    finished_at = CASE WHEN e.outcome = 'waiting' THEN NULL ELSE now() END, lease_until = NULL, lease_token = NULL, dlq_id = e.new_dlq_id,
    response_status = e.status, response_headers = e.headers::jsonb, response_body = e.answer
  FROM ended e WHERE m.id = e.id AND m.lease_token = e.lease AND m.state = 'waiting'
  RETURNING m.id, m.source_id, m.occupies, m.attempt_at, e.outcome, e.status, e.headers, e.error, e.noted),
events AS (
  INSERT INTO qstash.event (message_id, state, detail)
  SELECT c.id, s, jsonb_strip_nulls(jsonb_build_object('responseStatus', c.status, 'responseHeader', c.headers::jsonb, 'responseBody', c.noted, 'error', c.error,
    'nextDeliveryTime', CASE WHEN s = 'RETRY' THEN floor(extract(epoch FROM c.attempt_at) * 1000) END))
  FROM changed c CROSS JOIN unnest(CASE c.outcome WHEN 'delivered' THEN ARRAY['DELIVERED'] WHEN 'waiting' THEN ARRAY['ERROR', 'RETRY'] ELSE ARRAY['ERROR', 'FAILED'] END) s)
SELECT id, source_id, occupies, outcome FROM changed`;

interface ChangedRow {
  readonly id: string;
  readonly source_id: string | null;
  readonly occupies: boolean;
  readonly outcome: string;
}

/** Decides what an answer means for a message. */
function judge(context: Context, message: MessageRow, lease: string, answer: Answer): Outcome {
  const { maxRetries, retryDelay } = completeSettings(message.settings);
  const delivered = answer.status >= 200 && answer.status < 300;
  const final = answer.status === NON_RETRYABLE && answer.header('upstash-nonretryable-error')?.toLowerCase() === 'true';
  const state = delivered ? 'delivered' : (final || message.retried >= maxRetries ? 'dead' : 'waiting');
  const dlqId = state === 'dead' ? `dlq_${randomUUID()}` : null;
  return {
    message, lease, state, dlqId, answer, waitMs: state === 'waiting' ? nextDelay(answer.header, retryDelay, message.retried) : 0,
    callbacks: callbacksOf(context, message, answer, dlqId),
  };
}

/** PostgreSQL keeps no zero bytes in a text. */
const text = (value: string): string => value.replaceAll('\u0000', '');

async function write(client: Pick<pg.ClientBase, 'query'>, outcomes: readonly Outcome[]): Promise<ChangedRow[]> {
  const column = <T>(pick: (outcome: Outcome) => T): T[] => outcomes.map(pick);
  const failed = <T>(pick: (answer: Answer) => T) => ({ state, answer }: Outcome): T | null => (state === 'delivered' ? null : pick(answer));
  const values = [
    column(({ message }) => message.id), column(({ lease }) => lease), column(({ state }) => state), column(({ waitMs }) => waitMs), column(({ dlqId }) => dlqId),
    column(({ answer }) => answer.status), column(failed(({ headers }) => text(JSON.stringify(headers).replaceAll('\\u0000', '')))),
    column(failed(({ body, error }) => (error === null ? body : Buffer.from(error)))), column(failed(({ error }) => (error === null ? null : text(error)))),
    column(failed(({ body }) => (body.length === 0 ? null : body.subarray(0, NOTED_BODY).toString('base64')))),
  ];
  return (await client.query<ChangedRow>({ name: 'finish', text: FINISH, values })).rows;
}

/**
 * Collects what came of attempts and writes it in batches: while one statement is under way, the next batch gathers. A message
 * whose end is not written when the process dies is delivered again after its lease.
 */
export class Outcomes {
  private gathered: Outcome[] = [];
  private flushing: Promise<void> | null = null;
  private readonly waiters: (() => void)[] = [];

  constructor(private readonly context: Context) {}

  /**
   * Resolves when the outcome is written, with whether something may have become due by it; rejects never: an outcome that
   * cannot be written is lost with its lease.
   */
  async add(message: MessageRow, lease: string, answer: Answer): Promise<boolean> {
    const outcome = judge(this.context, message, lease, answer);
    this.gathered.push(outcome);
    const written = new Promise<void>((done) => this.waiters.push(done));
    this.flushing ??= this.flush().finally(() => (this.flushing = null));
    await written;
    const heldOthersUp = message.queue_name !== null || message.source_id !== null || completeSettings(message.settings).flow !== null;
    return heldOthersUp || outcome.state === 'waiting' || outcome.callbacks.length > 0;
  }

  /** Resolves when nothing is being written. */
  async settle(): Promise<void> {
    await this.flushing;
  }

  private async flush(): Promise<void> {
    await new Promise((done) => setImmediate(done));
    while (this.gathered.length > 0) {
      const batch = this.gathered.splice(0, 500);
      const waiters = this.waiters.splice(0, batch.length);
      try {
        await this.finish(batch);
      } catch (error) {
        process.stderr.write(`qstash-server: ${(error as Error).message}\n`);
      }
      for (const done of waiters) done();
    }
  }

  private async finish(batch: readonly Outcome[]): Promise<void> {
    const { pool, deduplicationSeconds } = this.context;
    const withCallbacks = batch.some(({ callbacks }) => callbacks.length > 0);
    const changed = withCallbacks
      ? await transaction(pool, async (client) => {
        const rows = await write(client, batch);
        const ids = new Set(rows.map(({ id }) => id));
        await insertMessages(client, batch.filter(({ message }) => ids.has(message.id)).flatMap(({ callbacks }) => callbacks), deduplicationSeconds);
        return rows;
      })
      : await write(pool, batch);
    await releasePlaces(pool, changed.filter(({ outcome, occupies, source_id: source }) => outcome !== 'waiting' && (occupies || source !== null)));
  }
}
