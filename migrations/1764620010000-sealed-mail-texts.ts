import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The texts of confidential mails hold links that act for their addressee: a copy of the table must not open them. */
export class SealedMailTexts1764620010000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE mail_message ADD COLUMN sealed_text text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE mail_message DROP COLUMN sealed_text');
  }
}
