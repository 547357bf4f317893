import type { MigrationInterface, QueryRunner } from 'typeorm';

const WORKSPACE_IS_CURRENT = `workspace_id = (SELECT nullif(current_setting('perch.workspace_id', true), '')::uuid)`;

const TABLES = `
CREATE TABLE offer (
  id uuid NOT NULL PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  application_id uuid NOT NULL,
  status text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'pending_approval', 'approved', 'sent', 'accepted', 'declined', 'expired', 'withdrawn')),
  current_version integer NOT NULL DEFAULT 1 CHECK (current_version > 0),
  approval_id uuid,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (workspace_id, id),
  FOREIGN KEY (workspace_id, application_id) REFERENCES application (workspace_id, id) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, approval_id) REFERENCES approval (workspace_id, id)
);
CREATE UNIQUE INDEX offer_open ON offer (workspace_id, application_id) WHERE status IN ('draft', 'pending_approval', 'approved', 'sent');
CREATE INDEX offer_application ON offer (workspace_id, application_id);
CREATE INDEX offer_created ON offer (workspace_id, created_at DESC, id DESC);
CREATE TABLE offer_version (
  id uuid NOT NULL PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  offer_id uuid NOT NULL,
  number integer NOT NULL CHECK (number > 0),
  pay_amount numeric(12, 2) NOT NULL CHECK (pay_amount > 0),
  pay_currency text NOT NULL CHECK (pay_currency ~ '^[A-Z]{3}$'),
  pay_period text NOT NULL CHECK (pay_period IN ('hour', 'day', 'month', 'year')),
  start_date date,
  expires_at timestamptz NOT NULL,
  terms jsonb NOT NULL DEFAULT '{}',
  terms_hash text NOT NULL CHECK (terms_hash ~ '^[0-9a-f]{64}$'),
  actor_type text NOT NULL,
  actor_id uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (offer_id, number),
  FOREIGN KEY (workspace_id, offer_id) REFERENCES offer (workspace_id, id) ON DELETE CASCADE
);
`;

const NAMES = ['offer', 'offer_version'] as const;

/** Offers to candidates. The terms of an offer are never changed: an edit adds a version. */
export class Offers1764340000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    for (const table of NAMES) {
      await runner.query(`ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY; ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;
        CREATE POLICY workspace_isolation ON ${table} USING (${WORKSPACE_IS_CURRENT}) WITH CHECK (${WORKSPACE_IS_CURRENT});
        GRANT SELECT, INSERT, UPDATE, DELETE ON ${table} TO perch_app`);
    }
    await runner.query('REVOKE UPDATE, DELETE, TRUNCATE ON offer_version FROM perch_app');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [...NAMES].reverse()) await runner.query(`DROP TABLE ${table}`);
  }
}
