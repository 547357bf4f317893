import { join } from 'node:path';
import { messageOf } from '../common/errors.js';
import { processEnvironment } from '../config/environment.js';
import { planMigrations, withReadOnly, type PlannedMigration, type TableSize } from '../infrastructure/database/migration-plan.js';
import { migrateDown, migrateUp, migrationState } from '../infrastructure/database/migrations.js';
import type { Risk } from '../infrastructure/database/statement-risks.js';

const USAGE = `Usage: perch migrate status|plan|up|down

  status   how many migrations were applied and which are pending; 1 where some are
  plan     the statements of the pending ones, with what can go wrong; nothing is changed; 1 where one would break the running version
  up       applies what is pending; one process at a time, others wait
  down     takes the newest one back
`;

/** From here on a lock is noticed by people. */
const BIG = { rows: 100_000, bytes: 100_000_000 } as const;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function status(url: string, folder: string): Promise<number> {
  const { applied, pending, unknown } = await migrationState(url, folder);
  say(`${applied.length} applied, ${pending.length} pending${unknown.length > 0 ? `, ${unknown.length} of a newer version` : ''}`);
  for (const timestamp of pending) say(`pending  ${timestamp}`);
  return pending.length === 0 ? 0 : 1;
}

function sizeOf(table: string | null, sizes: ReadonlyMap<string, TableSize>): string {
  const size = table === null ? undefined : sizes.get(table);
  if (!size) return '';
  const big = size.rows >= BIG.rows || size.bytes >= BIG.bytes;
  return `; ${table} has about ${Math.round(size.rows)} rows and ${(size.bytes / 1e6).toFixed(1)} MB${big ? ', which is BIG' : ''}`;
}

const riskLine = ({ kind, table, why }: Risk, sizes: ReadonlyMap<string, TableSize>): string => `    ! ${kind}: ${why}${sizeOf(table, sizes)}`;

function sayPlan(plan: readonly PlannedMigration[], sizes: ReadonlyMap<string, TableSize>): void {
  for (const { file, contract, statements, incomplete } of plan) {
    say(`\n${file}${contract === null ? '' : `\n  CONTRACT STEP: ${contract}`}`);
    for (const { sql, risks } of statements) {
      say(`  ${sql.replace(/\n/g, '\n  ')};`);
      for (const risk of risks) say(riskLine(risk, sizes));
    }
    if (incomplete !== null) say(`    ! not foreseen: ${incomplete}`);
  }
}

async function plan(url: string, folder: string): Promise<number> {
  const { pending } = await migrationState(url, folder);
  return withReadOnly(url, async (read, sizes) => {
    const planned = await planMigrations(folder, pending, read);
    sayPlan(planned, sizes);
    const breaks = planned.filter(({ contract, statements }) => contract !== null || statements.some(({ risks }) => risks.some(({ kind }) => kind === 'contract')));
    say(`${planned.length} pending${breaks.length > 0 ? `, of which ${breaks.length} would break the version that runs now: deploy the new one everywhere first (docs/operations/upgrade.md)` : ''}`);
    return breaks.length === 0 ? 0 : 1;
  });
}

async function up(url: string, applicationUrl: string, folder: string): Promise<number> {
  const applied = await migrateUp(url, applicationUrl, folder);
  say(applied.length === 0 ? 'Nothing was pending.' : `${applied.length} applied: ${applied.join(', ')}`);
  return 0;
}

/** `perch migrate status|plan|up|down`. Returns the exit code. */
export async function migrateCommand(what: string | undefined, distribution: string): Promise<number> {
  const { directUrl, databaseUrl } = processEnvironment();
  const folder = join(distribution, 'migrations');
  if (what === undefined || !['status', 'plan', 'up', 'down'].includes(what)) {
    process.stderr.write(USAGE);
    return 2;
  }
  if (directUrl === null) {
    process.stderr.write('Set DIRECT_URL to the database, as the owner of its tables.\n');
    return 2;
  }
  try {
    if (what === 'status') return await status(directUrl, folder);
    if (what === 'plan') return await plan(directUrl, folder);
    if (what === 'up') return await up(directUrl, databaseUrl ?? directUrl, folder);
    await migrateDown(directUrl, folder);
    return 0;
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    return 1;
  }
}
