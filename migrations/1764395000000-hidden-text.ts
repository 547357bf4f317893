import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lines of a document that nobody sees on its pages; null until it has been analysed. */
export class HiddenText1764395000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE document ADD COLUMN hidden_text jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE document DROP COLUMN hidden_text');
  }
}
