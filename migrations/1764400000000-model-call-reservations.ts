import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a call of the language model counts against the budgets: the most that it can cost until it is known what it did. */
export class ModelCallReservations1764400000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
ALTER TABLE model_call ADD COLUMN counted_usd numeric(12, 6) NOT NULL DEFAULT 0 CHECK (counted_usd >= 0);
UPDATE model_call SET counted_usd = coalesce(cost_usd, 0);
DROP INDEX model_call_month;
CREATE INDEX model_call_month ON model_call (workspace_id, created_at) INCLUDE (counted_usd);
`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
DROP INDEX model_call_month;
CREATE INDEX model_call_month ON model_call (workspace_id, created_at) INCLUDE (cost_usd);
ALTER TABLE model_call DROP COLUMN counted_usd;
`);
  }
}
