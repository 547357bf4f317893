import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { transaction } from './database.js';
import { SCHEMA_STEPS } from './schema-steps.js';

const SCHEMA_LOCK = 7_203_114;

/** A token and signing keys that the operator chose; null means that random ones are made. */
export interface GivenSecrets {
  readonly token: string | null;
  readonly currentSigningKey: string | null;
  readonly nextSigningKey: string | null;
}

/** A token of the form that the SDK expects: base64 of JSON with UserID and Password. */
const newToken = (): string => Buffer.from(JSON.stringify({ UserID: 'local', Password: randomBytes(24).toString('hex') })).toString('base64');

export const newSigningKey = (): string => `sig_${randomBytes(21).toString('base64url')}`;

async function schemaVersion(client: pg.ClientBase): Promise<number> {
  const { rows } = await client.query<{ known: boolean }>(`SELECT to_regclass('qstash.setting') IS NOT NULL AS known`);
  if (!rows[0]!.known) return 0;
  const { rows: found } = await client.query<{ value: string }>(`SELECT value FROM qstash.setting WHERE name = 'schema_version'`);
  return Number(found[0]?.value ?? 0);
}

/**
 * Brings the tables to the newest version and makes the token and the signing keys unless they exist; a given token replaces
 * the stored one. Safe to call from several processes at once. Throws where the tables are of a newer server.
 */
export async function ensureSchema(pool: pg.Pool, given: GivenSecrets): Promise<void> {
  await transaction(pool, async (client) => {
    await client.query('SELECT pg_advisory_xact_lock($1)', [SCHEMA_LOCK]);
    const version = await schemaVersion(client);
    if (version > SCHEMA_STEPS.length) throw new Error(`The tables are of version ${version}; this server knows ${SCHEMA_STEPS.length}.`);
    for (const step of SCHEMA_STEPS.slice(version)) await client.query(step);
    await client.query(
      `INSERT INTO qstash.setting (name, value) VALUES ('token', $1), ('current', $2), ('next', $3), ('schema_version', $4) ON CONFLICT (name) DO NOTHING`,
      [newToken(), given.currentSigningKey ?? newSigningKey(), given.nextSigningKey ?? newSigningKey(), String(SCHEMA_STEPS.length)]);
    await client.query(`UPDATE qstash.setting SET value = $1 WHERE name = 'schema_version'`, [String(SCHEMA_STEPS.length)]);
    if (given.token !== null) await client.query(`UPDATE qstash.setting SET value = $1 WHERE name = 'token'`, [given.token]);
  });
}
