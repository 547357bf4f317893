import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The screens look for the few jobs that need a person among very many that are done. A job that runs well never enters the
 * index, so it costs the queue nothing.
 */
export class Monitoring1764300000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE INDEX background_job_attention ON background_job (workspace_id, state, created_at DESC, id DESC) WHERE state IN ('paused', 'dead', 'cancelled', 'discarded')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX background_job_attention');
  }
}
