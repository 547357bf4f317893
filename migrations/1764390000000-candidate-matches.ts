import type { MigrationInterface, QueryRunner } from 'typeorm';

const WORKSPACE_IS_CURRENT = `workspace_id = (SELECT nullif(current_setting('perch.workspace_id', true), '')::uuid)`;

const isolated = (table: string): string => `
ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;
CREATE POLICY workspace_isolation ON ${table} USING (${WORKSPACE_IS_CURRENT}) WITH CHECK (${WORKSPACE_IS_CURRENT});
`;

const TABLES = `
CREATE TABLE document_text (
  document_id uuid NOT NULL PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  lines text NOT NULL,
  hidden_lines integer[] NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  FOREIGN KEY (workspace_id, document_id) REFERENCES document (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX document_text_workspace ON document_text (workspace_id, document_id);
${isolated('document_text')}
GRANT SELECT, INSERT, UPDATE, DELETE ON document_text TO perch_app;

CREATE TABLE scoring_rubric (
  id uuid NOT NULL PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  job_opening_id uuid NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  hash bytea NOT NULL,
  requirements jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (workspace_id, id),
  UNIQUE (workspace_id, job_opening_id, version),
  UNIQUE (workspace_id, job_opening_id, hash),
  FOREIGN KEY (workspace_id, job_opening_id) REFERENCES job_opening (workspace_id, id) ON DELETE CASCADE
);
${isolated('scoring_rubric')}
GRANT SELECT, INSERT ON scoring_rubric TO perch_app;

ALTER TABLE score_run
  ADD COLUMN rubric_id uuid,
  ADD COLUMN flags jsonb NOT NULL DEFAULT '[]',
  ADD FOREIGN KEY (workspace_id, rubric_id) REFERENCES scoring_rubric (workspace_id, id);
CREATE INDEX score_run_rubric ON score_run (workspace_id, rubric_id);

CREATE TABLE candidate_ranking (
  job_opening_id uuid NOT NULL PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  background_job_id uuid,
  rubric_id uuid,
  scorer_version text,
  candidates integer NOT NULL DEFAULT 0,
  without_text integer NOT NULL DEFAULT 0,
  finished_at timestamptz,
  CHECK ((rubric_id IS NULL) = (finished_at IS NULL)),
  FOREIGN KEY (workspace_id, job_opening_id) REFERENCES job_opening (workspace_id, id) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, rubric_id) REFERENCES scoring_rubric (workspace_id, id)
);
CREATE INDEX candidate_ranking_workspace ON candidate_ranking (workspace_id, job_opening_id);
${isolated('candidate_ranking')}
GRANT SELECT, INSERT, UPDATE, DELETE ON candidate_ranking TO perch_app;

CREATE TABLE candidate_match (
  id uuid NOT NULL PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  job_opening_id uuid NOT NULL,
  candidate_id uuid NOT NULL,
  document_id uuid NOT NULL,
  rubric_id uuid NOT NULL,
  scorer_version text NOT NULL,
  input_hash bytea NOT NULL,
  score numeric(5, 2) NOT NULL CHECK (score BETWEEN 0 AND 100),
  parts jsonb NOT NULL,
  flags jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (workspace_id, job_opening_id, candidate_id),
  FOREIGN KEY (workspace_id, job_opening_id) REFERENCES job_opening (workspace_id, id) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, candidate_id) REFERENCES candidate (workspace_id, id) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, document_id) REFERENCES document (workspace_id, id) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, rubric_id) REFERENCES scoring_rubric (workspace_id, id)
);
CREATE INDEX candidate_match_rank ON candidate_match (workspace_id, job_opening_id, score DESC, id DESC);
CREATE INDEX candidate_match_candidate ON candidate_match (workspace_id, candidate_id);
CREATE INDEX candidate_match_document ON candidate_match (workspace_id, document_id);
CREATE INDEX candidate_match_rubric ON candidate_match (workspace_id, rubric_id);
${isolated('candidate_match')}
GRANT SELECT, INSERT, UPDATE, DELETE ON candidate_match TO perch_app;
`;

/** What job openings asked for when somebody was scored, the text of resumes to quote from, and every candidate's match. */
export class CandidateMatches1764390000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE candidate_match, candidate_ranking');
    await runner.query('ALTER TABLE score_run DROP COLUMN rubric_id, DROP COLUMN flags');
    await runner.query('DROP TABLE scoring_rubric, document_text');
  }
}
