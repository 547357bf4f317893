import type { MigrationInterface, QueryRunner } from 'typeorm';

const WORKSPACE_IS_CURRENT = `workspace_id = (SELECT nullif(current_setting('perch.workspace_id', true), '')::uuid)`;

const TABLES = `
CREATE TABLE approval (
  id uuid NOT NULL PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  subject_type text NOT NULL,
  subject_id uuid NOT NULL,
  terms_hash text NOT NULL CHECK (terms_hash ~ '^[0-9a-f]{64}$'),
  mode text NOT NULL CHECK (mode IN ('serial', 'parallel')),
  required integer NOT NULL CHECK (required > 0),
  status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'approved', 'rejected', 'voided', 'expired')),
  due_at timestamptz NOT NULL,
  requested_by uuid NOT NULL REFERENCES user_account,
  void_reason text,
  created_at timestamptz NOT NULL DEFAULT now(),
  decided_at timestamptz,
  UNIQUE (workspace_id, id),
  CHECK ((status = 'pending') = (decided_at IS NULL))
);
CREATE UNIQUE INDEX approval_open ON approval (workspace_id, subject_type, subject_id) WHERE status = 'pending';
CREATE INDEX approval_subject ON approval (workspace_id, subject_id, created_at DESC);
CREATE TABLE approval_step (
  id uuid NOT NULL PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  approval_id uuid NOT NULL,
  position integer NOT NULL,
  approver_id uuid NOT NULL REFERENCES user_account,
  delegated_from uuid REFERENCES user_account,
  state text NOT NULL CHECK (state IN ('pending', 'active', 'approved', 'rejected', 'skipped')),
  escalated boolean NOT NULL DEFAULT false,
  asked_at timestamptz,
  UNIQUE (workspace_id, id),
  UNIQUE (approval_id, position),
  UNIQUE (approval_id, approver_id),
  FOREIGN KEY (workspace_id, approval_id) REFERENCES approval (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX approval_step_approver ON approval_step (workspace_id, approver_id) WHERE state = 'active';
CREATE TABLE approval_decision (
  id uuid NOT NULL PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  approval_id uuid NOT NULL,
  approval_step_id uuid NOT NULL UNIQUE,
  decided_by uuid NOT NULL REFERENCES user_account,
  approved boolean NOT NULL,
  comment text,
  terms_hash text NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (approval_id, decided_by),
  FOREIGN KEY (workspace_id, approval_id) REFERENCES approval (workspace_id, id) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, approval_step_id) REFERENCES approval_step (workspace_id, id) ON DELETE CASCADE
);
CREATE TABLE approval_link (
  id uuid NOT NULL PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  approval_id uuid NOT NULL,
  user_id uuid NOT NULL REFERENCES user_account,
  terms_hash text NOT NULL,
  token_hash bytea NOT NULL UNIQUE,
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  FOREIGN KEY (workspace_id, approval_id) REFERENCES approval (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX approval_link_approval ON approval_link (workspace_id, approval_id);
`;

const NAMES = ['approval', 'approval_step', 'approval_decision', 'approval_link'] as const;

/** Several people who say yes or no to the terms of something. What somebody decided is never changed. */
export class Approvals1764330000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    for (const table of NAMES) {
      await runner.query(`ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY; ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;
        CREATE POLICY workspace_isolation ON ${table} USING (${WORKSPACE_IS_CURRENT}) WITH CHECK (${WORKSPACE_IS_CURRENT});
        GRANT SELECT, INSERT, UPDATE, DELETE ON ${table} TO perch_app`);
    }
    await runner.query('REVOKE UPDATE, DELETE, TRUNCATE ON approval_decision FROM perch_app');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [...NAMES].reverse()) await runner.query(`DROP TABLE ${table}`);
  }
}
