import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Hashes of values that open something once, like the state of a sign-in elsewhere, until they would have expired anyway. */
export class SpentValues1764640010000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE TABLE spent_value (
  hash bytea NOT NULL PRIMARY KEY,
  expires_at timestamptz NOT NULL
);
CREATE INDEX spent_value_expires ON spent_value (expires_at);
GRANT SELECT, INSERT, DELETE ON spent_value TO perch_app;
`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE spent_value');
  }
}
