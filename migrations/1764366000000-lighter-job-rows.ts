import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Their key of the job holds the workspace too, so that the row's own key of it only costs a look at each insert. */
const CHILDREN = ['job_attempt', 'job_log', 'workflow_step'] as const;

export class LighterJobRows1764366000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of CHILDREN) await runner.query(`ALTER TABLE ${table} DROP CONSTRAINT ${table}_workspace_id_fkey`);
    await runner.query('DROP INDEX background_job_subject');
    await runner.query('CREATE INDEX background_job_subject ON background_job (workspace_id, subject_id) WHERE subject_id IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX background_job_subject');
    await runner.query('CREATE INDEX background_job_subject ON background_job (workspace_id, subject_id)');
    for (const table of CHILDREN) await runner.query(`ALTER TABLE ${table} ADD CONSTRAINT ${table}_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspace ON DELETE CASCADE`);
  }
}
