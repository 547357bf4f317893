import type { MigrationInterface, QueryRunner } from 'typeorm';

const WORKSPACE_IS_CURRENT = `workspace_id = (SELECT nullif(current_setting('perch.workspace_id', true), '')::uuid)`;

/** What a workspace used on a day (UTC) that is over; of a level, what there was at its end. */
const TABLE = `
CREATE TABLE usage_day (
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  day date NOT NULL,
  meter text NOT NULL,
  amount numeric NOT NULL CHECK (amount >= 0),
  PRIMARY KEY (workspace_id, day, meter)
);
ALTER TABLE usage_day ENABLE ROW LEVEL SECURITY;
ALTER TABLE usage_day FORCE ROW LEVEL SECURITY;
CREATE POLICY workspace_isolation ON usage_day USING (${WORKSPACE_IS_CURRENT}) WITH CHECK (${WORKSPACE_IS_CURRENT});
GRANT SELECT, INSERT, UPDATE ON usage_day TO perch_app;
`;

export class Usage1764660000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLE);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE usage_day');
  }
}
