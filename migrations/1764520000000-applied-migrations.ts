import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lets the application see which migrations were applied, so that it refuses to work on a database that is behind it. */
export class AppliedMigrations1764520000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('GRANT SELECT ON migration TO perch_app');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('REVOKE SELECT ON migration FROM perch_app');
  }
}
