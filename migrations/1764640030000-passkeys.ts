import type { MigrationInterface, QueryRunner } from 'typeorm';

const USER_IS_CURRENT = `user_id = (SELECT nullif(current_setting('perch.user_id', true), '')::uuid)`;

/** Public keys with which people sign in without a password; only a transaction of their person sees them. */
export class Passkeys1764640030000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE TABLE passkey (
  id uuid NOT NULL PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES user_account ON DELETE CASCADE,
  credential_id text NOT NULL UNIQUE,
  public_key bytea NOT NULL,
  counter bigint NOT NULL,
  transports text[] NOT NULL,
  name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  last_used_at timestamptz
);
CREATE INDEX passkey_user ON passkey (user_id);
ALTER TABLE passkey ENABLE ROW LEVEL SECURITY;
ALTER TABLE passkey FORCE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON passkey USING (${USER_IS_CURRENT}) WITH CHECK (${USER_IS_CURRENT});
GRANT SELECT, INSERT, UPDATE, DELETE ON passkey TO perch_app;
`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE passkey');
  }
}
