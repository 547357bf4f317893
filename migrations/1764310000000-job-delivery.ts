import type { MigrationInterface, QueryRunner } from 'typeorm';

const VISIBLE = `workspace_id = (SELECT nullif(current_setting('perch.workspace_id', true), '')::uuid) OR current_setting('perch.all_workspaces', true) = 'on'`;

/** What two transports did with the same calls. A call for whatever is due belongs to no workspace. */
const TABLE = `
CREATE TABLE job_delivery (
  transport text NOT NULL CHECK (transport IN ('qstash', 'bullmq', 'in-process')),
  call_id text NOT NULL,
  workspace_id uuid REFERENCES workspace ON DELETE CASCADE,
  background_job_id uuid,
  shadow boolean NOT NULL,
  due_at timestamptz,
  published_at timestamptz,
  delivered_at timestamptz,
  deliveries integer NOT NULL DEFAULT 0,
  noted_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (transport, call_id),
  FOREIGN KEY (workspace_id, background_job_id) REFERENCES background_job (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX job_delivery_noted ON job_delivery (noted_at);
CREATE INDEX job_delivery_job ON job_delivery (workspace_id, background_job_id);
ALTER TABLE job_delivery ENABLE ROW LEVEL SECURITY;
ALTER TABLE job_delivery FORCE ROW LEVEL SECURITY;
CREATE POLICY workspace_isolation ON job_delivery USING (${VISIBLE}) WITH CHECK (${VISIBLE});
GRANT SELECT, INSERT, UPDATE, DELETE ON job_delivery TO perch_app;
`;

export class JobDelivery1764310000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLE);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE job_delivery');
  }
}
