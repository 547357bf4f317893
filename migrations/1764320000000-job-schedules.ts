import type { MigrationInterface, QueryRunner } from 'typeorm';

const WORKSPACE_IS_CURRENT = `workspace_id = (SELECT nullif(current_setting('perch.workspace_id', true), '')::uuid)`;
const ALL_WORKSPACES = `(SELECT current_setting('perch.all_workspaces', true)) = 'on'`;

/** `system_heartbeat` belongs to no workspace: it says when the whole installation did something last. */
const TABLES = `
CREATE TABLE job_schedule (
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  name text NOT NULL,
  cron text NOT NULL,
  time_zone text NOT NULL,
  catch_up text NOT NULL CHECK (catch_up IN ('skip', 'last', 'all')),
  paused boolean NOT NULL DEFAULT false,
  last_slot timestamptz,
  next_slot timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (workspace_id, name)
);
CREATE INDEX job_schedule_due ON job_schedule (next_slot) WHERE NOT paused;
CREATE TABLE system_heartbeat (
  name text PRIMARY KEY,
  at timestamptz NOT NULL,
  counts jsonb NOT NULL DEFAULT '{}',
  duration_ms integer NOT NULL DEFAULT 0
);
ALTER TABLE background_job ADD COLUMN sweeps integer NOT NULL DEFAULT 0;
CREATE INDEX background_job_stuck ON background_job (workspace_id, type) WHERE sweeps > 10 AND state IN ('queued', 'running', 'waiting');
`;

export class JobSchedules1764320000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    const everywhere = `${WORKSPACE_IS_CURRENT} OR ${ALL_WORKSPACES}`;
    await runner.query(`ALTER TABLE job_schedule ENABLE ROW LEVEL SECURITY; ALTER TABLE job_schedule FORCE ROW LEVEL SECURITY;
      CREATE POLICY workspace_isolation ON job_schedule USING (${everywhere}) WITH CHECK (${everywhere})`);
    await runner.query('GRANT SELECT, INSERT, UPDATE, DELETE ON job_schedule, system_heartbeat TO perch_app');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX background_job_stuck; ALTER TABLE background_job DROP COLUMN sweeps; DROP TABLE system_heartbeat; DROP TABLE job_schedule');
  }
}
