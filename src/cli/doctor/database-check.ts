import type { Environment } from '../../config/environment.js';
import { sourceOf } from '../../config/variable-sources.js';
import { probeConnection, type LoginFacts } from '../../infrastructure/database/connection-probe.js';
import { migrationState } from '../../infrastructure/database/migrations.js';
import { checked, ok, problem, warning, type Finding } from './finding.js';

/** Longest time for one address, in milliseconds. */
const LIMIT = 20_000;
/** Deliveries of QStash are accepted for so long after their time; half of it is worth a warning. */
const CLOCK_TOLERANCE_MS = 60_000;
const OLDEST_SERVER = 15;

export interface DatabaseQuestion {
  readonly environment: Environment;
  /** Folder of the compiled migrations. */
  readonly migrations: string;
  readonly now: () => Date;
}

const REACH = 'Start PostgreSQL, or correct the address, user and password. ';

function roleFinding({ login, unbound, ownsTables, isMember }: LoginFacts): Finding {
  const name = `The login "${login}"`;
  if (unbound) return problem('DATABASE_URL', `${name} is a superuser or has BYPASSRLS: every workspace would see all others.`, 'Put another login into DATABASE_URL and run "perch migrate up" with DIRECT_URL, which makes it.');
  if (ownsTables) return problem('DATABASE_URL', `${name} owns tables, so row-level security can be turned off through it.`, 'Put another login into DATABASE_URL and run "perch migrate up" with DIRECT_URL, which makes it.');
  if (!isMember) return problem('DATABASE_URL', `${name} has not the rights of perch_app.`, 'Run "perch migrate up" with DIRECT_URL; it grants them.');
  return ok('DATABASE_URL', `${name} is bound by row-level security.`);
}

function poolerFinding({ pooledByTransaction }: LoginFacts, { onFunctions, databasePrepares }: Environment): Finding {
  if (pooledByTransaction && databasePrepares) return warning('DATABASE_PREPARES', 'is true behind a pooler that lends connections for a transaction.', 'Set it to false, unless the pooler keeps prepared statements (PgBouncer from 1.21 with max_prepared_statements).');
  if (pooledByTransaction) return ok('DATABASE_URL', 'A pooler stands before the database, in transaction mode.');
  if (onFunctions) return warning('DATABASE_URL', 'leads to the database without a pooler; each instance of a function holds connections of its own.', sourceOf({ name: 'DATABASE_URL' }).from);
  return ok('DATABASE_URL', 'No pooler stands before the database.');
}

function clockFinding({ clockAhead }: LoginFacts): Finding {
  const seconds = Math.round(Math.abs(clockAhead) / 1_000);
  const text = `The clock of this machine is ${seconds} s ${clockAhead > 0 ? 'behind' : 'ahead of'} that of the database.`;
  const action = 'Let the machine take its time from the network (NTP); signed deliveries are refused beyond 60 seconds.';
  if (Math.abs(clockAhead) >= CLOCK_TOLERANCE_MS) return problem('clock', text, action);
  return Math.abs(clockAhead) >= CLOCK_TOLERANCE_MS / 2 ? warning('clock', text, action) : ok('clock', text);
}

function versionFinding({ version }: LoginFacts): Finding {
  return Number.parseInt(version, 10) >= OLDEST_SERVER ? ok('database', `PostgreSQL ${version} answers.`)
    : warning('database', `PostgreSQL ${version} is older than Perch is tested with.`, `Use PostgreSQL ${OLDEST_SERVER} or newer.`);
}

async function pendingFinding(url: string, migrations: string): Promise<Finding> {
  const { applied, pending, unknown } = await migrationState(url, migrations);
  if (pending.length > 0) return problem('migrations', `${pending.length} have not been applied.`, 'Look at them with "perch migrate plan", then run "perch migrate up".');
  return ok('migrations', `All ${applied.length} were applied${unknown.length > 0 ? `, and ${unknown.length} of a newer version` : ''}.`);
}

/** The database as requests and jobs see it. */
export function checkDatabase({ environment, now }: DatabaseQuestion): Promise<readonly Finding[]> {
  const { databaseUrl } = environment;
  if (databaseUrl === null) return Promise.resolve(environment.onFunctions ? [] : [ok('DATABASE_URL', 'is not set; "npm start" brings a PostgreSQL of its own.')]);
  return checked('DATABASE_URL', REACH + sourceOf({ name: 'DATABASE_URL' }).from, LIMIT, async () => {
    const facts = await probeConnection(databaseUrl, now);
    return [versionFinding(facts), roleFinding(facts), poolerFinding(facts, environment), clockFinding(facts)];
  });
}

/** The database as its owner sees it, who migrates and saves it. */
export function checkOwner({ environment, migrations, now }: DatabaseQuestion): Promise<readonly Finding[]> {
  const { databaseUrl, directUrl, backupKeys } = environment;
  if (directUrl === null) {
    if (databaseUrl === null) return Promise.resolve([]);
    const without = backupKeys.length > 0 ? 'daily backups and migrations are' : 'migrations are';
    return Promise.resolve([warning('DIRECT_URL', `is not set, so ${without} not possible with these variables.`, sourceOf({ name: 'DIRECT_URL' }).from)]);
  }
  return checked('DIRECT_URL', REACH + sourceOf({ name: 'DIRECT_URL' }).from, LIMIT, async () => {
    const { pooledByTransaction, login, unbound } = await probeConnection(directUrl, now);
    if (pooledByTransaction) return [problem('DIRECT_URL', 'leads through a pooler in transaction mode, where the lock of migrations is lost.', sourceOf({ name: 'DIRECT_URL' }).from)];
    const direct = ok('DIRECT_URL', `The login "${login}" reaches the database directly.`);
    const backup = backupKeys.length > 0 && !unbound ? [warning('BACKUP_KEY', `is set, but the login "${login}" of DIRECT_URL would leave rows out.`, `ALTER ROLE "${login}" BYPASSRLS, so that backups hold all rows.`)] : [];
    return [direct, ...backup, await pendingFinding(directUrl, migrations)];
  });
}
