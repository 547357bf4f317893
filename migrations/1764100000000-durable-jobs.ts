import type { MigrationInterface, QueryRunner } from 'typeorm';

const WORKSPACE_IS_CURRENT = `workspace_id = (SELECT nullif(current_setting('perch.workspace_id', true), '')::uuid)`;

const TENANT_TABLES = ['job_log', 'job_rate', 'workflow_step', 'workflow_event'] as const;

const COLUMNS = `
ALTER TABLE background_job
  DROP CONSTRAINT background_job_state_check,
  ADD CONSTRAINT background_job_state_check CHECK (state IN ('queued', 'running', 'waiting', 'paused', 'done', 'dead', 'cancelled', 'discarded')),
  ADD COLUMN kind text NOT NULL DEFAULT 'job' CHECK (kind IN ('job', 'workflow')),
  ADD COLUMN definition_version integer NOT NULL DEFAULT 1 CHECK (definition_version > 0),
  ADD COLUMN priority smallint NOT NULL DEFAULT 2 CHECK (priority BETWEEN 1 AND 3),
  ADD COLUMN fence integer NOT NULL DEFAULT 0,
  ADD COLUMN claimed_at timestamptz,
  ADD COLUMN claim_message_id text,
  ADD COLUMN concurrency_key text,
  ADD COLUMN rate_key text,
  ADD COLUMN rate_slot timestamptz,
  ADD COLUMN parked boolean NOT NULL DEFAULT false,
  ADD COLUMN debounce_key text,
  ADD COLUMN cursor jsonb,
  ADD COLUMN counters jsonb,
  ADD COLUMN parent_id uuid,
  ADD COLUMN parent_step text,
  ADD COLUMN traceparent text,
  ADD COLUMN discard_reason text;
UPDATE background_job SET fence = attempts;
ALTER TABLE job_attempt
  DROP CONSTRAINT job_attempt_outcome_check,
  ADD CONSTRAINT job_attempt_outcome_check CHECK (outcome IN ('running', 'done', 'retry', 'dead', 'lost', 'cancelled', 'yielded', 'suspended'));

DROP INDEX background_job_due;
CREATE INDEX background_job_ready ON background_job (workspace_id, priority, run_at, id) WHERE state = 'queued' AND NOT parked;
CREATE INDEX background_job_due ON background_job (run_at) WHERE state IN ('queued', 'waiting');
CREATE INDEX background_job_concurrency ON background_job (workspace_id, concurrency_key, state) WHERE concurrency_key IS NOT NULL AND state IN ('queued', 'running');
CREATE UNIQUE INDEX background_job_debounce ON background_job (workspace_id, type, debounce_key) WHERE debounce_key IS NOT NULL AND state = 'queued' AND fence = 0;
CREATE INDEX background_job_parent ON background_job (workspace_id, parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX background_job_finished ON background_job (workspace_id, finished_at) WHERE finished_at IS NOT NULL;
`;

const TABLES = `
CREATE TABLE job_log (
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  background_job_id uuid NOT NULL,
  fence integer NOT NULL,
  sequence integer NOT NULL,
  at timestamptz NOT NULL,
  level text NOT NULL CHECK (level IN ('debug', 'info', 'warn', 'error')),
  message text NOT NULL,
  data jsonb,
  PRIMARY KEY (background_job_id, fence, sequence),
  FOREIGN KEY (workspace_id, background_job_id) REFERENCES background_job (workspace_id, id) ON DELETE CASCADE
);
CREATE TABLE job_rate (
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  key text NOT NULL,
  next_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, key)
);
CREATE TABLE workflow_step (
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  background_job_id uuid NOT NULL,
  name text NOT NULL,
  position integer NOT NULL,
  kind text NOT NULL CHECK (kind IN ('run', 'sleep', 'event', 'child', 'enqueue')),
  state text NOT NULL CHECK (state IN ('running', 'waiting', 'retrying', 'done', 'failed')),
  attempts integer NOT NULL DEFAULT 0,
  event_name text,
  match jsonb,
  event_id uuid,
  child_id uuid,
  due_at timestamptz,
  result jsonb,
  error_code text,
  error_message text,
  started_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  PRIMARY KEY (background_job_id, name),
  FOREIGN KEY (workspace_id, background_job_id) REFERENCES background_job (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX workflow_step_event ON workflow_step (workspace_id, event_name) WHERE state = 'waiting' AND event_name IS NOT NULL;
CREATE TABLE workflow_event (
  id uuid NOT NULL PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  name text NOT NULL,
  payload jsonb NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX workflow_event_name ON workflow_event (workspace_id, name, at);
`;

const RESTORE = `
UPDATE background_job SET state = 'queued' WHERE state IN ('waiting', 'paused');
UPDATE background_job SET state = 'cancelled' WHERE state = 'discarded';
UPDATE job_attempt SET outcome = 'done' WHERE outcome IN ('yielded', 'suspended');
DROP INDEX background_job_ready, background_job_due, background_job_concurrency, background_job_debounce, background_job_parent, background_job_finished;
ALTER TABLE background_job
  DROP CONSTRAINT background_job_state_check,
  ADD CONSTRAINT background_job_state_check CHECK (state IN ('queued', 'running', 'done', 'dead', 'cancelled')),
  DROP COLUMN kind, DROP COLUMN definition_version, DROP COLUMN priority, DROP COLUMN fence, DROP COLUMN claimed_at, DROP COLUMN claim_message_id,
  DROP COLUMN concurrency_key, DROP COLUMN rate_key, DROP COLUMN rate_slot, DROP COLUMN parked, DROP COLUMN debounce_key, DROP COLUMN cursor,
  DROP COLUMN counters, DROP COLUMN parent_id, DROP COLUMN parent_step, DROP COLUMN traceparent, DROP COLUMN discard_reason;
CREATE INDEX background_job_due ON background_job (run_at) WHERE state = 'queued';
ALTER TABLE job_attempt
  DROP CONSTRAINT job_attempt_outcome_check,
  ADD CONSTRAINT job_attempt_outcome_check CHECK (outcome IN ('running', 'done', 'retry', 'dead', 'lost', 'cancelled'));
`;

export class DurableJobs1764100000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(COLUMNS);
    await runner.query(TABLES);
    for (const table of TENANT_TABLES) {
      await runner.query(`ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY; ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;
        CREATE POLICY workspace_isolation ON ${table} USING (${WORKSPACE_IS_CURRENT}) WITH CHECK (${WORKSPACE_IS_CURRENT})`);
    }
    await runner.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ${TENANT_TABLES.join(', ')} TO perch_app`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TENANT_TABLES) await runner.query(`DROP TABLE ${table}`);
    await runner.query(RESTORE);
  }
}
