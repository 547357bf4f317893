import type { MigrationInterface, QueryRunner } from 'typeorm';

const WORKSPACE_IS_CURRENT = `workspace_id = (SELECT nullif(current_setting('perch.workspace_id', true), '')::uuid)`;
const USER_IS_CURRENT = `user_id = (SELECT nullif(current_setting('perch.user_id', true), '')::uuid)`;
const ALL_WORKSPACES = `(SELECT current_setting('perch.all_workspaces', true)) = 'on'`;

const force = (table: string): string => `ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY; ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;`;

const TABLES = `
ALTER TABLE user_account ADD COLUMN second_factor_since timestamptz;
ALTER TABLE workspace ADD COLUMN second_factor_required boolean NOT NULL DEFAULT false;

CREATE TABLE second_factor (
  id uuid NOT NULL PRIMARY KEY,
  user_id uuid NOT NULL UNIQUE REFERENCES user_account ON DELETE CASCADE,
  sealed_secret text NOT NULL,
  last_step bigint NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  confirmed_at timestamptz
);
${force('second_factor')}
CREATE POLICY own_rows ON second_factor USING (${USER_IS_CURRENT} OR ${ALL_WORKSPACES}) WITH CHECK (${USER_IS_CURRENT} OR ${ALL_WORKSPACES});
GRANT SELECT, INSERT, UPDATE, DELETE ON second_factor TO perch_app;

CREATE TABLE recovery_code (
  id uuid NOT NULL PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES user_account ON DELETE CASCADE,
  code_hash bytea NOT NULL,
  UNIQUE (user_id, code_hash)
);
${force('recovery_code')}
CREATE POLICY own_rows ON recovery_code USING (${USER_IS_CURRENT}) WITH CHECK (${USER_IS_CURRENT});
GRANT SELECT, INSERT, DELETE ON recovery_code TO perch_app;

CREATE TABLE sign_in_ticket (
  id uuid NOT NULL PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  user_id uuid NOT NULL REFERENCES user_account ON DELETE CASCADE,
  token_hash bytea NOT NULL UNIQUE,
  expires_at timestamptz NOT NULL
);
CREATE INDEX sign_in_ticket_user ON sign_in_ticket (workspace_id, user_id);
${force('sign_in_ticket')}
CREATE POLICY workspace_isolation ON sign_in_ticket USING (${WORKSPACE_IS_CURRENT}) WITH CHECK (${WORKSPACE_IS_CURRENT});
CREATE POLICY own_rows_seen ON sign_in_ticket FOR SELECT USING (${USER_IS_CURRENT});
CREATE POLICY own_rows_ended ON sign_in_ticket FOR DELETE USING (${USER_IS_CURRENT});
GRANT SELECT, INSERT, DELETE ON sign_in_ticket TO perch_app;
`;

/** Codes of an authenticator app and for recovery, which only a transaction of their user sees, and the time between password and code. */
export class SecondFactor1764640000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE sign_in_ticket, recovery_code, second_factor');
    await runner.query('ALTER TABLE workspace DROP COLUMN second_factor_required');
    await runner.query('ALTER TABLE user_account DROP COLUMN second_factor_since');
  }
}
