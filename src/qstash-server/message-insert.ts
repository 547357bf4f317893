import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import type { DeliverySettings } from './delivery-settings.js';

export interface NewMessage {
  readonly url: string;
  readonly body: Buffer;
  readonly settings: DeliverySettings;
  readonly callerIp: string;
  readonly delayMs?: number;
  /** Seconds since 1970. */
  readonly notBefore?: number | null;
  readonly deduplicationId?: string | null;
  readonly queueName?: string | null;
  readonly scheduleId?: string | null;
  readonly topicName?: string | null;
  readonly endpointName?: string | null;
  /** The message whose callback this is. */
  readonly sourceId?: string | null;
}

export interface Published {
  readonly messageId: string;
  readonly deduplicated?: true;
}

type Queryable = Pick<pg.ClientBase, 'query'>;

const newMessageId = (): string => `msg_${randomBytes(20).toString('base64url')}`;

/**
 * One statement however many messages there are. Of those with the same deduplication id the first is written, unless another was
 * accepted within the window ($14 seconds): `owner` is the id of the message that stands for each. The place in a queue is the
 * time at which the message enters it, by the database's clock. It has a name, so that PostgreSQL plans it once a connection.
 */
const INSERT = `
WITH given AS (
  SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[], $4::text[], $5::float8[], $6::float8[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[])
    WITH ORDINALITY AS g(id, url, body, settings, delay, not_before, queue_name, schedule_id, topic_name, endpoint_name, caller_ip, source_id, deduplication_id, place)),
claimed AS (
  INSERT INTO qstash.deduplication AS d (id, message_id, expires_at)
  SELECT DISTINCT ON (deduplication_id) deduplication_id, id, now() + make_interval(secs => $14) FROM given WHERE deduplication_id IS NOT NULL ORDER BY deduplication_id, place
  ON CONFLICT (id) DO UPDATE SET message_id = CASE WHEN d.expires_at < now() THEN excluded.message_id ELSE d.message_id END,
                                 expires_at = CASE WHEN d.expires_at < now() THEN excluded.expires_at ELSE d.expires_at END
  RETURNING id, message_id),
owned AS (SELECT given.*, coalesce(claimed.message_id, given.id) AS owner FROM given LEFT JOIN claimed ON claimed.id = given.deduplication_id),
timed AS MATERIALIZED (
  SELECT *, greatest(to_timestamp(not_before), clock_timestamp() + make_interval(secs => CASE WHEN not_before IS NULL THEN delay / 1000 ELSE 0 END)) AS due
  FROM owned WHERE owner = id ORDER BY place),
made AS (
  INSERT INTO qstash.message (id, url, body, settings, not_before, attempt_at, queue_name, schedule_id, topic_name, endpoint_name, caller_ip, source_id, flow_key, labels, occupies)
  SELECT id, url, body, settings::jsonb, due, due, queue_name, schedule_id, topic_name, endpoint_name, caller_ip, source_id, settings::jsonb #>> '{flow,key}',
    ARRAY(SELECT jsonb_array_elements_text(settings::jsonb -> 'labels')), queue_name IS NOT NULL
  FROM timed ORDER BY place),
noted AS (
  INSERT INTO qstash.event (message_id, state, detail)
  SELECT id, 'CREATED', jsonb_build_object('nextDeliveryTime', floor(extract(epoch FROM due) * 1000)) FROM timed ORDER BY place)
SELECT owner FROM owned ORDER BY place`;

type Identified = NewMessage & { readonly id: string };

/** Returns the id of the message that stands for each. */
async function write(client: Queryable, messages: readonly Identified[], windowSeconds: number): Promise<string[]> {
  const column = <T>(pick: (message: Identified) => T): T[] => messages.map(pick);
  const values = [
    column(({ id }) => id), column(({ url }) => url), column(({ body }) => body), column(({ settings }) => JSON.stringify(settings)), column(({ delayMs }) => delayMs ?? 0),
    column(({ notBefore }) => notBefore ?? null), column(({ queueName }) => queueName ?? null), column(({ scheduleId }) => scheduleId ?? null),
    column(({ topicName }) => topicName ?? null), column(({ endpointName }) => endpointName ?? null), column(({ callerIp }) => callerIp), column(({ sourceId }) => sourceId ?? null),
    column(({ deduplicationId }) => deduplicationId || null), windowSeconds,
  ];
  const { rows } = await client.query<{ owner: string }>({ name: 'insert', text: INSERT, values });
  return rows.map(({ owner }) => owner);
}

const sorted = (values: Iterable<string>): string[] => [...new Set(values)].sort();

/** Makes the queues and holds them until the transaction ends, so that the order of places is the order of commits. */
async function holdQueues(client: Queryable, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  await client.query('INSERT INTO qstash.queue (name) SELECT unnest($1::text[]) ORDER BY 1 ON CONFLICT (name) DO NOTHING', [names]);
  await client.query('SELECT 1 FROM qstash.queue WHERE name = ANY ($1) ORDER BY name FOR NO KEY UPDATE', [names]);
}

/** The last message of a key says what its limits are, unless they are pinned. */
async function saveFlows(client: Queryable, messages: readonly NewMessage[]): Promise<void> {
  const flows = new Map(messages.flatMap(({ settings: { flow } }) => (flow === null ? [] : [[flow.key, flow] as const])));
  for (const key of sorted(flows.keys())) {
    const { parallelism, rate, periodSeconds } = flows.get(key)!;
    await client.query(
      `INSERT INTO qstash.flow_control AS f (key, parallelism, rate, period_seconds) VALUES ($1, $2, $3, $4)
       ON CONFLICT (key) DO UPDATE SET parallelism = CASE WHEN f.pinned_parallelism THEN f.parallelism ELSE excluded.parallelism END,
         rate = CASE WHEN f.pinned_rate THEN f.rate ELSE excluded.rate END, period_seconds = CASE WHEN f.pinned_rate THEN f.period_seconds ELSE excluded.period_seconds END`,
      [key, parallelism, rate, periodSeconds]);
  }
}

/** Whether a message can be written by one statement together with any others: it takes no place in a queue and changes no flow control. */
export const isFree = ({ queueName, settings }: NewMessage): boolean => !queueName && settings.flow === null;

/** Writes messages, each unless its deduplication id was seen within the window. Needs a transaction unless all are free. */
export async function insertMessages(client: Queryable, messages: readonly NewMessage[], windowSeconds: number): Promise<Published[]> {
  const made = messages.map((message) => ({ ...message, id: newMessageId() }));
  await holdQueues(client, sorted(made.flatMap(({ queueName }) => (queueName ? [queueName] : []))));
  const owners = await write(client, made, windowSeconds);
  await saveFlows(client, made.filter(({ id }, index) => owners[index] === id));
  return made.map(({ id }, index) => (owners[index] === id ? { messageId: id } : { messageId: owners[index]!, deduplicated: true }));
}
