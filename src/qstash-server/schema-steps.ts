/** Version 1: what the first server made. It had no version number, so that each statement allows for what is there already. */
const FIRST = `
CREATE SCHEMA IF NOT EXISTS qstash;
CREATE TABLE IF NOT EXISTS qstash.setting (name text PRIMARY KEY, value text NOT NULL);
CREATE TABLE IF NOT EXISTS qstash.queue (
  name text PRIMARY KEY,
  parallelism integer NOT NULL DEFAULT 1 CHECK (parallelism > 0),
  paused boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE IF NOT EXISTS qstash.message (
  id text PRIMARY KEY,
  sequence bigserial NOT NULL,
  url text NOT NULL,
  method text NOT NULL,
  headers jsonb NOT NULL,
  body bytea NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'cancelled', 'dead')),
  max_retries integer NOT NULL,
  retried integer NOT NULL DEFAULT 0,
  timeout_seconds double precision,
  not_before timestamptz NOT NULL,
  attempt_at timestamptz NOT NULL,
  lease_until timestamptz,
  lease_token uuid,
  queue_name text REFERENCES qstash.queue ON DELETE CASCADE,
  schedule_id text,
  label text,
  created_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  dlq_id text UNIQUE,
  response_status integer,
  response_headers jsonb,
  response_body bytea
);
CREATE TABLE IF NOT EXISTS qstash.deduplication (
  id text PRIMARY KEY,
  message_id text NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE TABLE IF NOT EXISTS qstash.schedule (
  id text PRIMARY KEY,
  cron text NOT NULL,
  url text NOT NULL,
  method text NOT NULL,
  headers jsonb NOT NULL,
  body bytea NOT NULL,
  max_retries integer NOT NULL,
  timeout_seconds double precision,
  delay_ms bigint NOT NULL DEFAULT 0,
  queue_name text,
  label text,
  paused boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  last_at timestamptz,
  next_at timestamptz
);
`;

/** Version 2: the whole contract. How a message is delivered is one document; what is searched by stays a column. */
const SECOND = `
ALTER TABLE qstash.message
  ADD settings jsonb, ADD topic_name text, ADD endpoint_name text, ADD flow_key text, ADD labels text[] NOT NULL DEFAULT '{}',
  ADD caller_ip text NOT NULL DEFAULT '127.0.0.1', ADD source_id text, ADD occupies boolean NOT NULL DEFAULT false;
UPDATE qstash.message SET
  settings = jsonb_build_object('method', method, 'headers', headers, 'maxRetries', max_retries, 'timeoutSeconds', timeout_seconds,
    'labels', to_jsonb(coalesce(string_to_array(label, ','), '{}'))),
  labels = coalesce(string_to_array(label, ','), '{}'), occupies = (state = 'waiting' AND queue_name IS NOT NULL);
ALTER TABLE qstash.message
  ALTER settings SET NOT NULL, DROP method, DROP headers, DROP max_retries, DROP timeout_seconds, DROP label,
  DROP CONSTRAINT message_state_check, DROP CONSTRAINT message_queue_name_fkey,
  ADD CONSTRAINT message_state_check CHECK (state IN ('waiting', 'delivered', 'cancelled', 'dead', 'removed'));
DROP INDEX IF EXISTS qstash.message_due, qstash.message_queue, qstash.message_finished;
CREATE INDEX message_due ON qstash.message (attempt_at) WHERE state = 'waiting' AND queue_name IS NULL AND flow_key IS NULL;
CREATE INDEX message_gated ON qstash.message (attempt_at) WHERE state = 'waiting' AND (queue_name IS NOT NULL OR flow_key IS NOT NULL);
CREATE INDEX message_place ON qstash.message (queue_name, not_before, sequence) WHERE occupies;
CREATE INDEX message_flow ON qstash.message (flow_key, attempt_at) WHERE state = 'waiting' AND flow_key IS NOT NULL;
CREATE INDEX message_held ON qstash.message (flow_key) WHERE lease_token IS NOT NULL;
CREATE INDEX message_source ON qstash.message (source_id) WHERE source_id IS NOT NULL AND state = 'waiting';
CREATE INDEX message_dead ON qstash.message (sequence) WHERE state = 'dead';
CREATE INDEX message_finished ON qstash.message (finished_at) WHERE finished_at IS NOT NULL;

ALTER TABLE qstash.schedule RENAME url TO destination;
ALTER TABLE qstash.schedule
  ADD settings jsonb, ADD caller_ip text NOT NULL DEFAULT '127.0.0.1', ADD last_message_ids text[] NOT NULL DEFAULT '{}';
UPDATE qstash.schedule SET settings = jsonb_build_object('method', method, 'headers', headers, 'maxRetries', max_retries,
  'timeoutSeconds', timeout_seconds, 'delayMs', delay_ms, 'labels', to_jsonb(coalesce(string_to_array(label, ','), '{}')));
ALTER TABLE qstash.schedule
  ALTER settings SET NOT NULL, DROP method, DROP headers, DROP max_retries, DROP timeout_seconds, DROP delay_ms, DROP label;
CREATE INDEX schedule_due ON qstash.schedule (next_at) WHERE NOT paused;

CREATE TABLE qstash.url_group (
  name text PRIMARY KEY,
  headers jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE qstash.endpoint (
  group_name text NOT NULL REFERENCES qstash.url_group ON DELETE CASCADE,
  url text NOT NULL,
  name text,
  position bigserial NOT NULL,
  PRIMARY KEY (group_name, url)
);
CREATE TABLE qstash.flow_control (
  key text PRIMARY KEY,
  parallelism integer,
  rate integer,
  period_seconds integer NOT NULL DEFAULT 1,
  paused boolean NOT NULL DEFAULT false,
  pinned_parallelism boolean NOT NULL DEFAULT false,
  pinned_rate boolean NOT NULL DEFAULT false,
  rate_count integer NOT NULL DEFAULT 0,
  period_start timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE qstash.event (
  id bigserial PRIMARY KEY,
  message_id text NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  state text NOT NULL,
  detail jsonb
);
CREATE INDEX event_message ON qstash.event (message_id, id);
`;

/** What brings the tables from each version to the next; a step that was released is never edited. */
export const SCHEMA_STEPS: readonly string[] = [FIRST, SECOND];
