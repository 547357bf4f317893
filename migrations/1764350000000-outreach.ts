import type { MigrationInterface, QueryRunner } from 'typeorm';

const WORKSPACE_IS_CURRENT = `workspace_id = (SELECT nullif(current_setting('perch.workspace_id', true), '')::uuid)`;

const TABLE = `
CREATE TABLE outreach (
  id uuid NOT NULL PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  application_id uuid NOT NULL,
  candidate_id uuid NOT NULL,
  subject text NOT NULL,
  messages jsonb NOT NULL,
  business_days boolean NOT NULL,
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'replied', 'stopped', 'finished')),
  stop_reason text,
  sent integer NOT NULL DEFAULT 0,
  run_id uuid,
  started_by uuid NOT NULL REFERENCES user_account,
  created_at timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz,
  UNIQUE (workspace_id, id),
  CHECK ((status = 'active') = (ended_at IS NULL)),
  FOREIGN KEY (workspace_id, application_id) REFERENCES application (workspace_id, id) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, candidate_id) REFERENCES candidate (workspace_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX outreach_active ON outreach (workspace_id, application_id) WHERE status = 'active';
CREATE INDEX outreach_application ON outreach (workspace_id, application_id);
CREATE INDEX outreach_candidate ON outreach (workspace_id, candidate_id) WHERE status = 'active';
ALTER TABLE outreach ENABLE ROW LEVEL SECURITY;
ALTER TABLE outreach FORCE ROW LEVEL SECURITY;
CREATE POLICY workspace_isolation ON outreach USING (${WORKSPACE_IS_CURRENT}) WITH CHECK (${WORKSPACE_IS_CURRENT});
GRANT SELECT, INSERT, UPDATE, DELETE ON outreach TO perch_app;
`;

/** Mails to candidates with reminders until they answer. */
export class Outreach1764350000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLE);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE outreach');
  }
}
