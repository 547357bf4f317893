import type pg from 'pg';
import { transaction } from './database.js';
import type { MessageRow } from './message-row.js';

export const LEASE_SECONDS = 30;

const IS_DUE = `state = 'waiting' AND attempt_at <= now() AND (lease_until IS NULL OR lease_until < now())`;
const TAKE = `
taken AS (
  UPDATE qstash.message m SET lease_until = now() + make_interval(secs => ${LEASE_SECONDS}), lease_token = $1
  FROM picked WHERE m.id = picked.id RETURNING m.*),
noted AS (INSERT INTO qstash.event (message_id, state) SELECT id, 'ACTIVE' FROM taken)`;

/** The messages that may be under way in each queue: the first ones that have not ended with all their callbacks. */
const PLACES = `
SELECT c.id FROM qstash.queue q CROSS JOIN LATERAL (
  SELECT o.id FROM qstash.message o WHERE o.queue_name = q.name AND o.occupies AND o.not_before <= now() ORDER BY o.not_before, o.sequence LIMIT q.parallelism) c
WHERE NOT q.paused`;

const CLAIM_PLAIN = `
WITH picked AS MATERIALIZED (
  SELECT id FROM qstash.message WHERE queue_name IS NULL AND flow_key IS NULL AND ${IS_DUE} ORDER BY attempt_at LIMIT $2 FOR UPDATE SKIP LOCKED), ${TAKE}
SELECT * FROM taken`;

const CLAIM_QUEUED = `
WITH picked AS MATERIALIZED (
  SELECT id FROM qstash.message WHERE id IN (${PLACES}) AND flow_key IS NULL AND ${IS_DUE} ORDER BY attempt_at LIMIT $2 FOR UPDATE SKIP LOCKED), ${TAKE}
SELECT * FROM taken`;

const LOCK_FLOWS = `
SELECT key FROM qstash.flow_control f WHERE NOT paused AND EXISTS (SELECT 1 FROM qstash.message WHERE flow_key = f.key AND ${IS_DUE})
ORDER BY key LIMIT 200 FOR UPDATE SKIP LOCKED`;

const PERIOD_ENDED = 'f.period_start + make_interval(secs => f.period_seconds) <= now()';

/** Runs after LOCK_FLOWS in the same transaction, by a snapshot of its own: what other processes claimed of these keys is seen. */
const CLAIM_FLOWS = `
WITH open AS (
  SELECT f.key, least(
    f.parallelism - (SELECT count(*) FROM qstash.message h WHERE h.flow_key = f.key AND h.lease_token IS NOT NULL AND h.lease_until > now()),
    CASE WHEN ${PERIOD_ENDED} THEN f.rate ELSE f.rate - f.rate_count END, $2) AS room
  FROM qstash.flow_control f WHERE f.key = ANY ($3)),
picked AS MATERIALIZED (
  SELECT c.id FROM open CROSS JOIN LATERAL (
    SELECT id FROM qstash.message WHERE flow_key = open.key AND ${IS_DUE} AND (queue_name IS NULL OR id IN (${PLACES}))
    ORDER BY attempt_at LIMIT greatest(open.room, 0) FOR UPDATE SKIP LOCKED) c LIMIT $2), ${TAKE},
counted AS (
  UPDATE qstash.flow_control f SET rate_count = CASE WHEN ${PERIOD_ENDED} THEN t.begun ELSE f.rate_count + t.begun END,
    period_start = CASE WHEN ${PERIOD_ENDED} THEN now() ELSE f.period_start END
  FROM (SELECT flow_key, count(*)::int AS begun FROM taken GROUP BY flow_key) t WHERE f.key = t.flow_key)
SELECT * FROM taken`;

/** What there is to do, and how many ms until something becomes due, an interval of a rate ends or a schedule's time comes. */
const OUTLOOK = `
SELECT EXISTS (SELECT 1 FROM qstash.message WHERE (queue_name IS NOT NULL OR flow_key IS NOT NULL) AND state = 'waiting' AND attempt_at <= now()) AS gated,
  EXISTS (SELECT 1 FROM qstash.schedule WHERE NOT paused AND next_at <= now()) AS scheduled,
  extract(epoch FROM least(
    (SELECT min(attempt_at) FROM qstash.message WHERE state = 'waiting' AND queue_name IS NULL AND flow_key IS NULL AND attempt_at > now()),
    (SELECT min(attempt_at) FROM qstash.message WHERE state = 'waiting' AND (queue_name IS NOT NULL OR flow_key IS NOT NULL) AND attempt_at > now()),
    (SELECT min(f.period_start + make_interval(secs => f.period_seconds)) FROM qstash.flow_control f WHERE NOT ${PERIOD_ENDED} AND f.rate_count >= f.rate),
    (SELECT min(next_at) FROM qstash.schedule WHERE NOT paused AND next_at > now())) - clock_timestamp())::float8 * 1000 AS wait`;

export interface Outlook {
  readonly gated: boolean;
  readonly scheduled: boolean;
  readonly wait: number | null;
}

export async function readOutlook(pool: pg.Pool): Promise<Outlook> {
  return (await pool.query<Outlook>({ name: 'outlook', text: OUTLOOK })).rows[0]!;
}

/** Takes at most `room` due messages that no queue and no flow control holds back. Several processes never take the same. */
export const claimPlain = async (pool: pg.Pool, lease: string, room: number): Promise<MessageRow[]> => (await pool.query<MessageRow>({ name: 'claim-plain', text: CLAIM_PLAIN, values: [lease, room] })).rows;

/** Takes messages whose turn it is in their queue. */
export const claimQueued = async (pool: pg.Pool, lease: string, room: number): Promise<MessageRow[]> => (await pool.query<MessageRow>({ name: 'claim-queued', text: CLAIM_QUEUED, values: [lease, room] })).rows;

/** Takes messages as far as the parallelism and the rate of their flow-control keys allow; a key is claimed by one process at a time. */
export const claimFlows = (pool: pg.Pool, lease: string, room: number): Promise<MessageRow[]> => transaction(pool, async (client) => {
  const { rows } = await client.query<{ key: string }>(LOCK_FLOWS);
  if (rows.length === 0) return [];
  return (await client.query<MessageRow>(CLAIM_FLOWS, [lease, room, rows.map(({ key }) => key)])).rows;
});
