import type { MigrationInterface, QueryRunner } from 'typeorm';

const WORKSPACE_IS_CURRENT = `workspace_id = (SELECT nullif(current_setting('perch.workspace_id', true), '')::uuid)`;
const TABLES = ['webhook', 'webhook_delivery', 'webhook_attempt'];

const CREATE = `
CREATE TABLE webhook (
  id uuid NOT NULL PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  name text NOT NULL,
  url text NOT NULL,
  event_types text[] CHECK (cardinality(event_types) > 0),
  state text NOT NULL DEFAULT 'enabled' CHECK (state IN ('enabled', 'disabled')),
  disabled_reason text CHECK (disabled_reason IN ('by_member', 'gone', 'failing')),
  disabled_at timestamptz,
  failing_since timestamptz,
  secret text NOT NULL,
  previous_secret text,
  previous_secret_until timestamptz,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (workspace_id, id),
  CHECK ((state = 'disabled') = (disabled_reason IS NOT NULL AND disabled_at IS NOT NULL)),
  CHECK ((previous_secret IS NULL) = (previous_secret_until IS NULL))
);
CREATE UNIQUE INDEX webhook_name ON webhook (workspace_id, lower(name));

CREATE TABLE webhook_delivery (
  id uuid NOT NULL PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  webhook_id uuid NOT NULL,
  event_id uuid NOT NULL,
  event_type text NOT NULL,
  body text NOT NULL,
  state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'failed')),
  round integer NOT NULL DEFAULT 1,
  attempts integer NOT NULL DEFAULT 0,
  attempts_before integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz,
  created_at timestamptz NOT NULL,
  ended_at timestamptz,
  UNIQUE (workspace_id, id),
  UNIQUE (workspace_id, webhook_id, event_id),
  FOREIGN KEY (workspace_id, webhook_id) REFERENCES webhook (workspace_id, id) ON DELETE CASCADE,
  CHECK ((state = 'pending') = (ended_at IS NULL)),
  CHECK (state = 'pending' OR next_attempt_at IS NULL)
);
CREATE INDEX webhook_delivery_created ON webhook_delivery (workspace_id, created_at DESC, id DESC);
CREATE INDEX webhook_delivery_of ON webhook_delivery (workspace_id, webhook_id, created_at DESC, id DESC);

CREATE TABLE webhook_attempt (
  id uuid NOT NULL PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  webhook_delivery_id uuid NOT NULL,
  number integer NOT NULL,
  at timestamptz NOT NULL,
  duration_ms integer NOT NULL,
  status integer,
  error_code text,
  error_message text,
  answer text,
  UNIQUE (workspace_id, webhook_delivery_id, number),
  FOREIGN KEY (workspace_id, webhook_delivery_id) REFERENCES webhook_delivery (workspace_id, id) ON DELETE CASCADE
);
${TABLES.map((table) => `
ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;
CREATE POLICY workspace_isolation ON ${table} USING (${WORKSPACE_IS_CURRENT}) WITH CHECK (${WORKSPACE_IS_CURRENT});
GRANT SELECT, INSERT, UPDATE, DELETE ON ${table} TO perch_app;`).join('\n')}
`;

/** Endpoints outside that are told of events, and what became of each message to them. */
export class Webhooks1764600000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(CREATE);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [...TABLES].reverse()) await runner.query(`DROP TABLE ${table}`);
  }
}
