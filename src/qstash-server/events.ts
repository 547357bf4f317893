import type pg from 'pg';
import { completeSettings, type DeliverySettings } from './delivery-settings.js';
import { cursorNumber, type Filter } from './filters.js';
import { present, settingsView } from './message-row.js';
import { redactedBody } from './redaction.js';

const PAGE = 1_000;
const DEFAULT_PAGE = 100;

interface EventRow {
  readonly id: string;
  readonly at: Date;
  readonly state: string;
  readonly detail: Record<string, unknown> | null;
  readonly message_id: string;
  readonly url: string;
  readonly body: Buffer;
  readonly settings: Partial<DeliverySettings>;
  readonly topic_name: string | null;
  readonly endpoint_name: string | null;
  readonly queue_name: string | null;
  readonly schedule_id: string | null;
}

function eventView(row: EventRow): Record<string, unknown> {
  const settings = completeSettings(row.settings);
  const { flow } = settings;
  const body = redactedBody(row.body, settings.redact);
  return {
    time: row.at.getTime(), state: row.state, messageId: row.message_id, url: row.url, ...settingsView(settings, 'callbackHeaders'), maxRetries: settings.maxRetries,
    ...row.detail, ...present({
      body: body.length === 0 ? null : body.toString('base64'), topicName: row.topic_name, endpointName: row.endpoint_name, queueName: row.queue_name, scheduleId: row.schedule_id,
      retryDelayExpr: settings.retryDelay, flowControl: flow === null ? null : { key: flow.key, ...present({ parallelism: flow.parallelism, rate: flow.rate }), period: flow.periodSeconds },
    }),
  };
}

/** A cursor of this list, or a time in ms since 1970, before which events are meant. */
const isTime = (cursor: string | null): boolean => cursor !== null && /^\d{12,15}(\.\d+)?$/.test(cursor);

/** One page of what happened to messages, the newest first. The cursor is `event-milliseconds`. */
export async function listEvents(pool: pg.Pool, { where, values, cursor, count }: Filter): Promise<Record<string, unknown>> {
  const limit = Math.min(PAGE, count ?? DEFAULT_PAGE);
  const first = values.length + 1;
  const { rows } = await pool.query<EventRow>(
    `SELECT e.id, e.at, e.state, e.detail, m.id AS message_id, m.url, m.body, m.settings, m.topic_name, m.endpoint_name, m.queue_name, m.schedule_id
     FROM qstash.event e JOIN qstash.message m ON m.id = e.message_id
     WHERE ${where} AND ($${first}::bigint IS NULL OR e.id < $${first}) AND ($${first + 1}::float8 IS NULL OR e.at < to_timestamp($${first + 1} / 1000))
     ORDER BY e.id DESC LIMIT $${first + 2}`,
    [...values, isTime(cursor) ? null : cursorNumber(cursor), isTime(cursor) ? cursor : null, limit + 1]);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { events: page.map(eventView), ...(rows.length > limit && last ? { cursor: `${last.id}-${last.at.getTime()}` } : {}) };
}
