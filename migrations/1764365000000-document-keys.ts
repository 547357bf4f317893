import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The order in which the sweep of files goes through the keys: that of their bytes, as object storage lists them. */
export class DocumentKeys1764365000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX document_storage_key ON document (workspace_id, storage_key COLLATE "C")');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX document_storage_key');
  }
}
