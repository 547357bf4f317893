import type { MigrationInterface, QueryRunner } from 'typeorm';

const WORKSPACE_IS_CURRENT = `workspace_id = (SELECT nullif(current_setting('perch.workspace_id', true), '')::uuid)`;

const isolated = (table: string): string => `
ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;
CREATE POLICY workspace_isolation ON ${table} USING (${WORKSPACE_IS_CURRENT}) WITH CHECK (${WORKSPACE_IS_CURRENT});
`;

const TABLES = `
CREATE TABLE oauth_client (
  id uuid NOT NULL PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  name text NOT NULL,
  secret_hash bytea NOT NULL,
  last_four text NOT NULL,
  scopes text[] NOT NULL,
  created_by uuid NOT NULL REFERENCES user_account,
  created_at timestamptz NOT NULL DEFAULT now(),
  last_used_at timestamptz,
  revoked_at timestamptz,
  UNIQUE (workspace_id, id)
);
${isolated('oauth_client')}
GRANT SELECT, INSERT, UPDATE, DELETE ON oauth_client TO perch_app;

CREATE TABLE access_token (
  id uuid NOT NULL PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  oauth_client_id uuid NOT NULL,
  token_hash bytea NOT NULL UNIQUE,
  scopes text[] NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  FOREIGN KEY (workspace_id, oauth_client_id) REFERENCES oauth_client (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX access_token_client ON access_token (workspace_id, oauth_client_id, expires_at);
${isolated('access_token')}
GRANT SELECT, INSERT, DELETE ON access_token TO perch_app;
`;

/** Programs that fetch a token for an hour with a name and a secret, instead of holding a key. */
export class OAuthClients1764640020000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE access_token, oauth_client');
  }
}
