import type { MigrationInterface, QueryRunner } from 'typeorm';

const WORKSPACE_IS_CURRENT = `workspace_id = (SELECT nullif(current_setting('perch.workspace_id', true), '')::uuid)`;

/** The text of pages that are pictures, as it was recognised. */
export class RecognizedPages1764550000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE TABLE recognized_page (
  document_id uuid NOT NULL,
  page integer NOT NULL CHECK (page > 0),
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  confidence real NOT NULL,
  pieces jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (document_id, page),
  FOREIGN KEY (workspace_id, document_id) REFERENCES document (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX recognized_page_workspace ON recognized_page (workspace_id, document_id);
ALTER TABLE recognized_page ENABLE ROW LEVEL SECURITY;
ALTER TABLE recognized_page FORCE ROW LEVEL SECURITY;
CREATE POLICY workspace_isolation ON recognized_page USING (${WORKSPACE_IS_CURRENT}) WITH CHECK (${WORKSPACE_IS_CURRENT});
GRANT SELECT, INSERT, UPDATE, DELETE ON recognized_page TO perch_app;
ALTER TABLE document ADD COLUMN recognized_pages integer NOT NULL DEFAULT 0;
`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE document DROP COLUMN recognized_pages');
    await runner.query('DROP TABLE recognized_page');
  }
}
