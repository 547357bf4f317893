import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What the backups that are under way have copied. A backup is of the whole installation, so that its blocks belong to no workspace; they
 * tell sizes and checksums of tables, and nothing of what is in them.
 */
const TABLE = `
CREATE TABLE backup_block (
  backup_id uuid NOT NULL,
  table_name text NOT NULL,
  chunk integer NOT NULL CHECK (chunk >= 0),
  width integer NOT NULL CHECK (width > 0),
  filenode text NOT NULL,
  xmin_then text NOT NULL,
  row_count integer NOT NULL,
  byte_count bigint NOT NULL,
  digest text NOT NULL,
  parts jsonb NOT NULL,
  PRIMARY KEY (backup_id, table_name, chunk)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON backup_block TO perch_app;
`;

export class BackupBlocks1764540000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLE);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE backup_block');
  }
}
