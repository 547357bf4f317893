import type { MigrationInterface, QueryRunner } from 'typeorm';

const WORKSPACE_IS_CURRENT = `workspace_id = (SELECT nullif(current_setting('perch.workspace_id', true), '')::uuid)`;

const TABLE = `
CREATE TABLE mail_message (
  id uuid NOT NULL PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  message_id text NOT NULL UNIQUE,
  to_address text NOT NULL,
  to_name text,
  reply_to text,
  subject text NOT NULL,
  text text NOT NULL,
  html text,
  unsubscribe_url text,
  kind text NOT NULL,
  subject_type text,
  subject_id uuid,
  dedupe_key text,
  confidential boolean NOT NULL DEFAULT false,
  state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'sent', 'kept', 'failed')),
  attempts integer NOT NULL DEFAULT 0,
  error_code text,
  error_message text,
  created_at timestamptz NOT NULL DEFAULT now(),
  sent_at timestamptz,
  UNIQUE (workspace_id, id),
  CHECK ((subject_type IS NULL) = (subject_id IS NULL)),
  CHECK ((state = 'sent') = (sent_at IS NOT NULL))
);
CREATE UNIQUE INDEX mail_message_dedupe ON mail_message (workspace_id, dedupe_key) WHERE dedupe_key IS NOT NULL;
CREATE INDEX mail_message_created ON mail_message (workspace_id, created_at DESC, id DESC);
CREATE INDEX mail_message_subject ON mail_message (workspace_id, subject_id);
ALTER TABLE mail_message ENABLE ROW LEVEL SECURITY;
ALTER TABLE mail_message FORCE ROW LEVEL SECURITY;
CREATE POLICY workspace_isolation ON mail_message USING (${WORKSPACE_IS_CURRENT}) WITH CHECK (${WORKSPACE_IS_CURRENT});
GRANT SELECT, INSERT, UPDATE, DELETE ON mail_message TO perch_app;
`;

/** Mails that Perch sends, with what became of them. */
export class Mail1764200000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLE);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE mail_message');
  }
}
