import pg from 'pg';
import { BackupError } from './backup-error.js';

/** Tables whose rows are not saved: what the migrations write themselves, and the ledger of backups under way. */
export const NOT_SAVED: readonly string[] = ['migration', 'backup_block'];

/**
 * Makes values have the same text on every server, lets nothing end long work, and makes PostgreSQL fail instead of leaving rows out
 * where row-level security binds the login.
 */
export const COPY_SETTINGS = [
  'row_security = off', 'statement_timeout = 0', 'idle_in_transaction_session_timeout = 0', "lock_timeout = '10s'", "search_path = 'public'",
  "TimeZone = 'UTC'", "DateStyle = 'ISO, YMD'", "IntervalStyle = 'postgres'", 'extra_float_digits = 3', "bytea_output = 'hex'",
].map((setting) => `SET LOCAL ${setting}`).join('; ');

const ROLE = `SELECT rolname AS name, rolsuper OR rolbypassrls AS free FROM pg_roles WHERE rolname = current_user`;

/** Throws BACKUP_ROLE_BOUND where the login would see or write less than all rows. */
export async function assertSeesEverything(client: pg.ClientBase): Promise<void> {
  const { rows: [role] } = await client.query<{ name: string; free: boolean }>(ROLE);
  if (!role?.free) throw new BackupError('BACKUP_ROLE_BOUND', `The login "${role?.name ?? 'unknown'}" is bound by row-level security. Backups need the owner of the tables with BYPASSRLS, or a superuser.`);
}

/** A connection of its own as the owner of the tables. */
export async function connectAsOwner(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: 'perch-backup', connectionTimeoutMillis: 8_000 });
  // A lost connection fails the statement that is under way; without this it would end the process as well.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await assertSeesEverything(client);
    return client;
  } catch (error) {
    await client.end();
    throw error;
  }
}

/** Stored columns; what PostgreSQL generates is generated again. */
export const STORED_COLUMNS = `ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' ORDER BY a.attnum)`;

const quote = (name: string): string => pg.escapeIdentifier(name);
export const columnList = (columns: readonly string[]): string => columns.map(quote).join(', ');
export const tableName = (name: string): string => `public.${quote(name)}`;
