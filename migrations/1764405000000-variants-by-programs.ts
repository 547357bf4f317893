import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A program can have a resume rewritten too; nobody in person has asked for it then, and the audit row names the key. */
export class VariantsByPrograms1764405000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE resume_variant ALTER COLUMN requested_by DROP NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
UPDATE resume_variant v SET requested_by = (SELECT user_id FROM membership m WHERE m.workspace_id = v.workspace_id ORDER BY m.role <> 'owner' LIMIT 1) WHERE requested_by IS NULL;
ALTER TABLE resume_variant ALTER COLUMN requested_by SET NOT NULL;
`);
  }
}
