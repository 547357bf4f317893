import { randomBytes } from 'node:crypto';
import type pg from 'pg';

const SCHEMA_LOCK = 7_203_114;

const TABLES = `
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
CREATE INDEX IF NOT EXISTS message_due ON qstash.message (attempt_at) WHERE state = 'waiting';
CREATE INDEX IF NOT EXISTS message_queue ON qstash.message (queue_name, sequence) WHERE state = 'waiting' AND queue_name IS NOT NULL;
CREATE INDEX IF NOT EXISTS message_finished ON qstash.message (finished_at) WHERE finished_at IS NOT NULL;
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

/** A token of the form that the SDK expects: base64 of JSON with UserID and Password. */
const newToken = (): string => Buffer.from(JSON.stringify({ UserID: 'local', Password: randomBytes(24).toString('hex') })).toString('base64');

export const newSigningKey = (): string => `sig_${randomBytes(21).toString('base64url')}`;

/** Makes the tables, the token and the signing keys unless they exist. Safe to call from several processes at once. */
export async function ensureSchema(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock($1)', [SCHEMA_LOCK]);
    await client.query(TABLES);
    await client.query(
      `INSERT INTO qstash.setting (name, value) VALUES ('token', $1), ('current', $2), ('next', $3) ON CONFLICT (name) DO NOTHING`,
      [newToken(), newSigningKey(), newSigningKey()]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
