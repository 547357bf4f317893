import type { MigrationInterface, QueryRunner } from 'typeorm';

const WORKSPACE_IS_CURRENT = `workspace_id = (SELECT nullif(current_setting('perch.workspace_id', true), '')::uuid)`;
const ALL_WORKSPACES = `(SELECT current_setting('perch.all_workspaces', true)) = 'on'`;

/** Tables whose rows belong to one workspace and are seen from nowhere else. */
const TENANT_TABLES = [
  'session', 'api_key', 'company', 'person', 'person_email', 'person_phone', 'candidate', 'pipeline', 'pipeline_stage', 'job_opening',
  'criterion', 'job_posting', 'application', 'stage_event', 'document', 'stored_object', 'score_run', 'audit_event', 'domain_event',
  'idempotency_key', 'notification', 'daily_metric',
] as const;

const TABLES = `
CREATE TABLE workspace (
  id uuid PRIMARY KEY,
  slug text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9][a-z0-9-]{1,62}$'),
  name text NOT NULL,
  time_zone text NOT NULL DEFAULT 'UTC',
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE user_account (
  id uuid PRIMARY KEY,
  email text NOT NULL UNIQUE CHECK (email = lower(email)),
  display_name text NOT NULL,
  password_hash text,
  created_at timestamptz NOT NULL DEFAULT now(),
  disabled_at timestamptz
);
CREATE TABLE rate_limit (
  key text PRIMARY KEY,
  points integer NOT NULL DEFAULT 0,
  expire bigint
);
CREATE TABLE membership (
  id uuid NOT NULL PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  user_id uuid NOT NULL REFERENCES user_account,
  role text NOT NULL CHECK (role IN ('owner', 'admin', 'recruiter', 'hiring_manager', 'interviewer')),
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (workspace_id, user_id)
);
CREATE TABLE session (
  id uuid NOT NULL PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  user_id uuid NOT NULL REFERENCES user_account,
  token_hash bytea NOT NULL UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL
);
CREATE TABLE api_key (
  id uuid NOT NULL PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  name text NOT NULL,
  last_four text NOT NULL,
  token_hash bytea NOT NULL UNIQUE,
  role text NOT NULL CHECK (role IN ('owner', 'admin', 'recruiter', 'hiring_manager', 'interviewer')),
  scopes text[] NOT NULL,
  created_by uuid NOT NULL REFERENCES user_account,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz
);
CREATE TABLE company (
  id uuid NOT NULL PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  name text NOT NULL,
  domain text CHECK (domain = lower(domain)),
  industry text,
  location text,
  status text NOT NULL DEFAULT 'prospect' CHECK (status IN ('prospect', 'client', 'former')),
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  UNIQUE (workspace_id, id)
);
CREATE UNIQUE INDEX company_domain ON company (workspace_id, domain) WHERE deleted_at IS NULL AND domain IS NOT NULL;
CREATE INDEX company_name ON company (workspace_id, name, id);
CREATE TABLE person (
  id uuid NOT NULL PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  display_name text NOT NULL,
  headline text,
  location text,
  links text[] NOT NULL DEFAULT '{}',
  company_id uuid,
  do_not_contact boolean NOT NULL DEFAULT false,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  UNIQUE (workspace_id, id),
  FOREIGN KEY (workspace_id, company_id) REFERENCES company (workspace_id, id)
);
CREATE INDEX person_name ON person (workspace_id, display_name, id);
CREATE TABLE person_email (
  id uuid NOT NULL PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  person_id uuid NOT NULL,
  address text NOT NULL,
  normalised text NOT NULL,
  is_primary boolean NOT NULL DEFAULT false,
  UNIQUE (workspace_id, normalised),
  FOREIGN KEY (workspace_id, person_id) REFERENCES person (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX person_email_person ON person_email (workspace_id, person_id);
CREATE TABLE person_phone (
  id uuid NOT NULL PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  person_id uuid NOT NULL,
  number text NOT NULL,
  normalised text NOT NULL,
  is_primary boolean NOT NULL DEFAULT false,
  UNIQUE (workspace_id, person_id, normalised),
  FOREIGN KEY (workspace_id, person_id) REFERENCES person (workspace_id, id) ON DELETE CASCADE
);
CREATE TABLE candidate (
  id uuid NOT NULL PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  person_id uuid NOT NULL,
  current_title text,
  years_experience numeric(4, 1),
  skills text[] NOT NULL DEFAULT '{}',
  salary_expectation text,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  UNIQUE (workspace_id, id),
  UNIQUE (workspace_id, person_id),
  FOREIGN KEY (workspace_id, person_id) REFERENCES person (workspace_id, id)
);
CREATE INDEX candidate_created ON candidate (workspace_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE TABLE pipeline (
  id uuid NOT NULL PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (workspace_id, id),
  UNIQUE (workspace_id, name)
);
CREATE TABLE pipeline_stage (
  id uuid NOT NULL PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  pipeline_id uuid NOT NULL,
  name text NOT NULL,
  position integer NOT NULL,
  category text NOT NULL CHECK (category IN ('lead', 'applied', 'screen', 'interview', 'offer', 'hired', 'rejected')),
  UNIQUE (workspace_id, id),
  UNIQUE (pipeline_id, position),
  FOREIGN KEY (workspace_id, pipeline_id) REFERENCES pipeline (workspace_id, id) ON DELETE CASCADE
);
CREATE TABLE job_opening (
  id uuid NOT NULL PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  title text NOT NULL,
  description text NOT NULL,
  department text,
  location text,
  employment_type text NOT NULL DEFAULT 'FULL_TIME' CHECK (employment_type IN ('FULL_TIME', 'PART_TIME', 'CONTRACTOR', 'TEMPORARY', 'INTERN')),
  status text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'open', 'on_hold', 'closed', 'archived')),
  minimum_years numeric(4, 1),
  pipeline_id uuid NOT NULL,
  company_id uuid,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  opened_at timestamptz,
  closed_at timestamptz,
  deleted_at timestamptz,
  UNIQUE (workspace_id, id),
  FOREIGN KEY (workspace_id, pipeline_id) REFERENCES pipeline (workspace_id, id),
  FOREIGN KEY (workspace_id, company_id) REFERENCES company (workspace_id, id)
);
CREATE INDEX job_opening_created ON job_opening (workspace_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE TABLE criterion (
  id uuid NOT NULL PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  job_opening_id uuid NOT NULL,
  label text NOT NULL,
  necessity text NOT NULL CHECK (necessity IN ('must', 'nice')),
  position integer NOT NULL,
  UNIQUE (job_opening_id, label),
  FOREIGN KEY (workspace_id, job_opening_id) REFERENCES job_opening (workspace_id, id) ON DELETE CASCADE
);
CREATE TABLE job_posting (
  id uuid NOT NULL PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  job_opening_id uuid NOT NULL,
  slug text NOT NULL,
  title text NOT NULL,
  description text NOT NULL,
  location text,
  employment_type text NOT NULL,
  published_at timestamptz,
  withdrawn_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (workspace_id, id),
  UNIQUE (workspace_id, slug),
  UNIQUE (workspace_id, job_opening_id),
  FOREIGN KEY (workspace_id, job_opening_id) REFERENCES job_opening (workspace_id, id) ON DELETE CASCADE
);
CREATE TABLE document (
  id uuid NOT NULL PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  candidate_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('resume', 'cover_letter', 'other')),
  file_name text NOT NULL,
  mime_type text NOT NULL,
  byte_size integer NOT NULL CHECK (byte_size > 0),
  sha256 bytea NOT NULL,
  storage_key text NOT NULL,
  parsed jsonb,
  parser_version text,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (workspace_id, id),
  FOREIGN KEY (workspace_id, candidate_id) REFERENCES candidate (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX document_candidate ON document (workspace_id, candidate_id, created_at DESC);
CREATE TABLE stored_object (
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  key text NOT NULL,
  content bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (workspace_id, key)
);
CREATE TABLE application (
  id uuid NOT NULL PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  candidate_id uuid NOT NULL,
  job_opening_id uuid NOT NULL,
  pipeline_stage_id uuid NOT NULL,
  resume_document_id uuid,
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'hired', 'rejected', 'withdrawn')),
  source text NOT NULL DEFAULT 'careers',
  submission_hash bytea,
  reject_reason text,
  applied_at timestamptz NOT NULL DEFAULT now(),
  stage_since timestamptz NOT NULL DEFAULT now(),
  decided_at timestamptz,
  score numeric(5, 2),
  score_run_id uuid,
  analysis_job_id uuid,
  version integer NOT NULL DEFAULT 1,
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (workspace_id, id),
  FOREIGN KEY (workspace_id, candidate_id) REFERENCES candidate (workspace_id, id),
  FOREIGN KEY (workspace_id, job_opening_id) REFERENCES job_opening (workspace_id, id),
  FOREIGN KEY (workspace_id, pipeline_stage_id) REFERENCES pipeline_stage (workspace_id, id),
  FOREIGN KEY (workspace_id, resume_document_id) REFERENCES document (workspace_id, id)
);
CREATE UNIQUE INDEX application_active ON application (workspace_id, candidate_id, job_opening_id) WHERE status = 'active';
CREATE INDEX application_job ON application (workspace_id, job_opening_id, applied_at DESC, id DESC);
CREATE INDEX application_applied ON application (workspace_id, applied_at DESC, id DESC);
CREATE INDEX application_candidate ON application (workspace_id, candidate_id);
CREATE TABLE stage_event (
  id uuid NOT NULL PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  application_id uuid NOT NULL,
  from_stage_id uuid,
  to_stage_id uuid NOT NULL,
  actor_type text NOT NULL,
  actor_id uuid,
  reason text,
  time_in_previous_ms bigint,
  at timestamptz NOT NULL DEFAULT now(),
  FOREIGN KEY (workspace_id, application_id) REFERENCES application (workspace_id, id) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, from_stage_id) REFERENCES pipeline_stage (workspace_id, id),
  FOREIGN KEY (workspace_id, to_stage_id) REFERENCES pipeline_stage (workspace_id, id)
);
CREATE INDEX stage_event_application ON stage_event (workspace_id, application_id, at);
CREATE TABLE score_run (
  id uuid NOT NULL PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  application_id uuid NOT NULL,
  document_id uuid NOT NULL,
  scorer_version text NOT NULL,
  input_hash bytea NOT NULL,
  score numeric(5, 2) NOT NULL,
  parts jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (workspace_id, id),
  FOREIGN KEY (workspace_id, application_id) REFERENCES application (workspace_id, id) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, document_id) REFERENCES document (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX score_run_application ON score_run (workspace_id, application_id, created_at DESC);
ALTER TABLE application ADD FOREIGN KEY (workspace_id, score_run_id) REFERENCES score_run (workspace_id, id);
CREATE TABLE background_job (
  id uuid NOT NULL PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  type text NOT NULL,
  payload jsonb NOT NULL,
  state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'done', 'dead', 'cancelled')),
  subject_type text,
  subject_id uuid,
  dedupe_key text,
  run_at timestamptz NOT NULL DEFAULT now(),
  attempts integer NOT NULL DEFAULT 0,
  max_attempts integer NOT NULL CHECK (max_attempts > 0),
  lease_until timestamptz,
  wake integer NOT NULL DEFAULT 0,
  published_at timestamptz,
  message_id text,
  progress_percent smallint NOT NULL DEFAULT 0 CHECK (progress_percent BETWEEN 0 AND 100),
  progress_message text,
  result jsonb,
  error_code text,
  error_message text,
  actor_type text NOT NULL,
  actor_id uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  started_at timestamptz,
  finished_at timestamptz,
  UNIQUE (workspace_id, id)
);
CREATE UNIQUE INDEX background_job_dedupe ON background_job (workspace_id, type, dedupe_key) WHERE dedupe_key IS NOT NULL;
CREATE INDEX background_job_created ON background_job (workspace_id, created_at DESC, id DESC);
CREATE INDEX background_job_subject ON background_job (workspace_id, subject_id);
CREATE INDEX background_job_due ON background_job (run_at) WHERE state = 'queued';
CREATE INDEX background_job_lease ON background_job (lease_until) WHERE state = 'running';
CREATE TABLE job_attempt (
  id uuid NOT NULL PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  background_job_id uuid NOT NULL,
  number integer NOT NULL,
  outcome text NOT NULL DEFAULT 'running' CHECK (outcome IN ('running', 'done', 'retry', 'dead', 'lost', 'cancelled')),
  error_code text,
  error_message text,
  message_id text,
  started_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  UNIQUE (background_job_id, number),
  FOREIGN KEY (workspace_id, background_job_id) REFERENCES background_job (workspace_id, id) ON DELETE CASCADE
);
CREATE TABLE audit_event (
  id uuid NOT NULL PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  action text NOT NULL,
  object_type text NOT NULL,
  object_id uuid NOT NULL,
  actor_type text NOT NULL,
  actor_id uuid,
  request_id text NOT NULL,
  changes jsonb NOT NULL DEFAULT '{}',
  at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX audit_event_object ON audit_event (workspace_id, object_id, at);
CREATE TABLE domain_event (
  id uuid NOT NULL PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  type text NOT NULL,
  subject_id uuid NOT NULL,
  payload jsonb NOT NULL,
  at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX domain_event_at ON domain_event (workspace_id, at);
CREATE TABLE idempotency_key (
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  scope text NOT NULL,
  key_hash bytea NOT NULL,
  request_hash bytea NOT NULL,
  response jsonb,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (workspace_id, scope, key_hash)
);
CREATE TABLE notification (
  id uuid NOT NULL PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  user_id uuid NOT NULL REFERENCES user_account,
  kind text NOT NULL,
  dedupe_key text NOT NULL,
  body jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  read_at timestamptz,
  UNIQUE (workspace_id, user_id, kind, dedupe_key)
);
CREATE TABLE daily_metric (
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  day date NOT NULL,
  name text NOT NULL,
  job_opening_id uuid NOT NULL,
  value numeric NOT NULL,
  PRIMARY KEY (workspace_id, day, name, job_opening_id),
  FOREIGN KEY (workspace_id, job_opening_id) REFERENCES job_opening (workspace_id, id) ON DELETE CASCADE
);
`;

/** Tables in an order in which they can be dropped. */
const DROP_ORDER = [
  'daily_metric', 'notification', 'idempotency_key', 'domain_event', 'audit_event', 'job_attempt', 'background_job', 'stage_event', 'score_run',
  'application', 'stored_object', 'document', 'job_posting', 'criterion', 'job_opening', 'pipeline_stage', 'pipeline', 'candidate',
  'person_phone', 'person_email', 'person', 'company', 'api_key', 'session', 'membership', 'rate_limit', 'user_account', 'workspace',
] as const;

const force = (table: string): string => `ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY; ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;`;

function policy(table: string, using: string, check: string): string {
  return `${force(table)} CREATE POLICY workspace_isolation ON ${table} USING (${using}) WITH CHECK (${check});`;
}

/** The group role that the application's login belongs to; it owns nothing and row-level security binds it. */
const ROLE = `
DO $$ BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'perch_app') THEN
    CREATE ROLE perch_app NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
`;

const GRANTS = `
GRANT USAGE ON SCHEMA public TO perch_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ${[...TENANT_TABLES, 'membership', 'background_job', 'job_attempt', 'workspace', 'user_account', 'rate_limit'].join(', ')} TO perch_app;
REVOKE UPDATE, DELETE, TRUNCATE ON audit_event, stage_event FROM perch_app;
`;

export class Foundation1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(ROLE);
    await runner.query(TABLES);
    for (const table of TENANT_TABLES) await runner.query(policy(table, WORKSPACE_IS_CURRENT, WORKSPACE_IS_CURRENT));
    const everywhere = `${WORKSPACE_IS_CURRENT} OR ${ALL_WORKSPACES}`;
    await runner.query(policy('background_job', everywhere, everywhere));
    await runner.query(policy('job_attempt', everywhere, everywhere));
    await runner.query(policy('membership', `${WORKSPACE_IS_CURRENT} OR user_id = (SELECT nullif(current_setting('perch.user_id', true), '')::uuid)`, WORKSPACE_IS_CURRENT));
    const ownRow = WORKSPACE_IS_CURRENT.replace('workspace_id', 'id');
    await runner.query(policy('workspace', `${ownRow} OR slug = (SELECT current_setting('perch.workspace_slug', true)) OR ${ALL_WORKSPACES}`, ownRow));
    await runner.query(GRANTS);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of DROP_ORDER) await runner.query(`DROP TABLE IF EXISTS ${table} CASCADE`);
    await runner.query('REVOKE USAGE ON SCHEMA public FROM perch_app');
  }
}
