import type { MigrationInterface, QueryRunner } from 'typeorm';

const WORKSPACE_IS_CURRENT = `workspace_id = (SELECT nullif(current_setting('perch.workspace_id', true), '')::uuid)`;
const USER_IS_CURRENT = `user_id = (SELECT nullif(current_setting('perch.user_id', true), '')::uuid)`;

const TABLES = `
CREATE TABLE password_reset (
  id uuid NOT NULL PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  user_id uuid NOT NULL REFERENCES user_account,
  token_hash bytea NOT NULL UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);
CREATE INDEX password_reset_of_user ON password_reset (user_id);
CREATE TABLE invitation (
  id uuid NOT NULL PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  email text NOT NULL CHECK (email = lower(email)),
  role text NOT NULL CHECK (role IN ('owner', 'admin', 'recruiter', 'hiring_manager', 'interviewer')),
  token_hash bytea NOT NULL UNIQUE,
  invited_by uuid NOT NULL REFERENCES user_account,
  created_at timestamptz NOT NULL DEFAULT now(),
  sent_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  accepted_at timestamptz,
  accepted_by uuid REFERENCES user_account,
  revoked_at timestamptz,
  UNIQUE (workspace_id, id),
  CHECK ((accepted_at IS NULL) = (accepted_by IS NULL)),
  CHECK (accepted_at IS NULL OR revoked_at IS NULL)
);
CREATE UNIQUE INDEX invitation_open ON invitation (workspace_id, email) WHERE accepted_at IS NULL AND revoked_at IS NULL;
CREATE INDEX invitation_created ON invitation (workspace_id, created_at DESC, id DESC);
`;

const SESSIONS = `
ALTER TABLE session ADD COLUMN last_used_at timestamptz NOT NULL DEFAULT now();
ALTER TABLE session ADD COLUMN device text;
ALTER TABLE session ADD COLUMN address text;
CREATE INDEX session_of_user ON session (user_id);
`;

/** What belongs to a person in all of their workspaces: they may see and end it from each. */
const OF_A_PERSON = ['session', 'password_reset'] as const;

/** When and from where people sign in, links that reset a password, and invitations into a team. */
export class Team1764620000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    await runner.query(SESSIONS);
    for (const table of ['password_reset', 'invitation']) {
      await runner.query(`ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY; ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;
        CREATE POLICY workspace_isolation ON ${table} USING (${WORKSPACE_IS_CURRENT}) WITH CHECK (${WORKSPACE_IS_CURRENT});
        GRANT SELECT, INSERT, UPDATE, DELETE ON ${table} TO perch_app`);
    }
    for (const table of OF_A_PERSON) {
      await runner.query(`CREATE POLICY own_rows_seen ON ${table} FOR SELECT USING (${USER_IS_CURRENT});
        CREATE POLICY own_rows_ended ON ${table} FOR DELETE USING (${USER_IS_CURRENT})`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP POLICY own_rows_seen ON session; DROP POLICY own_rows_ended ON session; DROP INDEX session_of_user;
      ALTER TABLE session DROP COLUMN last_used_at, DROP COLUMN device, DROP COLUMN address;
      DROP TABLE invitation; DROP TABLE password_reset`);
  }
}
