import type { MigrationInterface, QueryRunner } from 'typeorm';

const WORKSPACE_IS_CURRENT = `workspace_id = (SELECT nullif(current_setting('perch.workspace_id', true), '')::uuid)`;

/** What a run has told its readers, in order. The bound of `data` is wider than the writer's, because the text of jsonb has blanks. */
const TABLE = `
CREATE TABLE run_event (
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  background_job_id uuid NOT NULL,
  sequence bigint NOT NULL CHECK (sequence > 0),
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  kind text NOT NULL CHECK (kind ~ '^[a-z][a-zA-Z.-]{0,59}$'),
  data jsonb NOT NULL CHECK (octet_length(data::text) <= 16384),
  PRIMARY KEY (background_job_id, sequence),
  FOREIGN KEY (workspace_id, background_job_id) REFERENCES background_job (workspace_id, id) ON DELETE CASCADE
);
ALTER TABLE run_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE run_event FORCE ROW LEVEL SECURITY;
CREATE POLICY workspace_isolation ON run_event USING (${WORKSPACE_IS_CURRENT}) WITH CHECK (${WORKSPACE_IS_CURRENT});
GRANT SELECT, INSERT ON run_event TO perch_app;
`;

export class RunEvents1764370000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLE);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE run_event');
  }
}
