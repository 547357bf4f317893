import type { MigrationInterface, QueryRunner } from 'typeorm';

const WORKSPACE_IS_CURRENT = `workspace_id = (SELECT nullif(current_setting('perch.workspace_id', true), '')::uuid)`;

const TABLES = `
CREATE TABLE resume_variant (
  id uuid NOT NULL PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  application_id uuid NOT NULL,
  candidate_id uuid NOT NULL,
  job_opening_id uuid NOT NULL,
  source_document_id uuid NOT NULL,
  run_id uuid,
  requested_by uuid NOT NULL REFERENCES user_account,
  source jsonb,
  record jsonb,
  letter jsonb,
  findings jsonb,
  document_ids uuid[] NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  ready_at timestamptz,
  UNIQUE (workspace_id, id),
  FOREIGN KEY (workspace_id, application_id) REFERENCES application (workspace_id, id) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, candidate_id) REFERENCES candidate (workspace_id, id) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, job_opening_id) REFERENCES job_opening (workspace_id, id) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, source_document_id) REFERENCES document (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX resume_variant_application ON resume_variant (workspace_id, application_id, created_at DESC);
CREATE INDEX resume_variant_candidate ON resume_variant (workspace_id, candidate_id);
CREATE INDEX resume_variant_job_opening ON resume_variant (workspace_id, job_opening_id);
CREATE INDEX resume_variant_document ON resume_variant (workspace_id, source_document_id);
CREATE TABLE model_call (
  id uuid NOT NULL PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  resume_variant_id uuid NOT NULL,
  step text NOT NULL,
  provider text NOT NULL,
  model text NOT NULL,
  input_tokens integer NOT NULL CHECK (input_tokens >= 0),
  cached_input_tokens integer NOT NULL CHECK (cached_input_tokens >= 0),
  output_tokens integer NOT NULL CHECK (output_tokens >= 0),
  estimated boolean NOT NULL,
  cost_usd numeric(12, 6) CHECK (cost_usd >= 0),
  outcome text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (workspace_id, id),
  FOREIGN KEY (workspace_id, resume_variant_id) REFERENCES resume_variant (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX model_call_variant ON model_call (workspace_id, resume_variant_id, created_at);
CREATE INDEX model_call_month ON model_call (workspace_id, created_at) INCLUDE (cost_usd);
${['resume_variant', 'model_call'].map((table) => `
ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;
CREATE POLICY workspace_isolation ON ${table} USING (${WORKSPACE_IS_CURRENT}) WITH CHECK (${WORKSPACE_IS_CURRENT});
GRANT SELECT, INSERT, UPDATE, DELETE ON ${table} TO perch_app;`).join('\n')}
`;

/** Resumes rewritten for a job, and what the language model has cost. */
export class ResumeVariants1764380000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE model_call, resume_variant');
  }
}
