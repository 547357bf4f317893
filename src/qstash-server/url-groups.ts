import type pg from 'pg';
import { ContractError } from './contract-error.js';
import { transaction } from './database.js';

const MAX_ENDPOINTS = 100;

export interface Endpoint {
  readonly name: string | null;
  readonly url: string;
}

export interface UrlGroup {
  readonly endpoints: readonly Endpoint[];
  /** Publish headers that each message of the group has unless it says otherwise. */
  readonly headers: Readonly<Record<string, string>>;
}

interface GroupRow extends UrlGroup {
  readonly name: string;
  readonly created_at: Date;
  readonly updated_at: Date;
}

const SELECT = `
SELECT g.*, (SELECT coalesce(jsonb_agg(jsonb_build_object('name', e.name, 'url', e.url) ORDER BY e.position), '[]') FROM qstash.endpoint e WHERE e.group_name = g.name) AS endpoints
FROM qstash.url_group g`;

export const isGroupName = (text: string): boolean => /^[\w.-]{1,200}$/.test(text);

/** Null where no group has the name. */
export async function findUrlGroup(pool: pg.Pool, name: string): Promise<UrlGroup | null> {
  const { rows } = await pool.query<GroupRow>(`${SELECT} WHERE g.name = $1`, [name]);
  return rows[0] ?? null;
}

/** All groups, or the named one. Throws 404 for a name that is not there. */
export async function listUrlGroups(pool: pg.Pool, name: string | null): Promise<Record<string, unknown>[]> {
  const { rows } = await pool.query<GroupRow>(`${SELECT} WHERE $1::text IS NULL OR g.name = $1 ORDER BY g.name`, [name]);
  if (name !== null && rows.length === 0) throw new ContractError(404, `topic ${name} not found`);
  return rows.map((row) => ({
    name: row.name, createdAt: row.created_at.getTime(), updatedAt: row.updated_at.getTime(),
    endpoints: row.endpoints.map((endpoint) => (endpoint.name === null ? { url: endpoint.url } : endpoint)),
  }));
}

interface Named {
  readonly name?: unknown;
  readonly url?: unknown;
}

function readEndpoints(body: unknown): Named[] {
  const { endpoints } = (body ?? {}) as { endpoints?: unknown };
  if (!Array.isArray(endpoints) || endpoints.length === 0 || endpoints.length > MAX_ENDPOINTS) throw new ContractError(400, `endpoints must be a list of 1 to ${MAX_ENDPOINTS}`);
  return endpoints as Named[];
}

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** Adds endpoints; one of the same name or address is replaced. The group appears with its first. Throws 400, 412. */
export async function addEndpoints(pool: pg.Pool, group: string, body: unknown, checkUrl: (url: string) => string): Promise<undefined> {
  if (!isGroupName(group)) throw new ContractError(400, 'the name of a url group may hold letters, digits and . - _ only');
  const endpoints = readEndpoints(body).map(({ name, url }) => ({ name: textOf(name), url: checkUrl(String(url ?? '')) }));
  await transaction(pool, async (client) => {
    await client.query('INSERT INTO qstash.url_group (name) VALUES ($1) ON CONFLICT (name) DO UPDATE SET updated_at = now()', [group]);
    for (const { name, url } of endpoints) {
      await client.query('DELETE FROM qstash.endpoint WHERE group_name = $1 AND name = $2 AND url <> $3', [group, name, url]);
      await client.query('INSERT INTO qstash.endpoint (group_name, name, url) VALUES ($1, $2, $3) ON CONFLICT (group_name, url) DO UPDATE SET name = excluded.name', [group, name, url]);
    }
    const { rows } = await client.query<{ count: number }>('SELECT count(*)::int AS count FROM qstash.endpoint WHERE group_name = $1', [group]);
    if (rows[0]!.count > MAX_ENDPOINTS) throw new ContractError(412, `a url group may have at most ${MAX_ENDPOINTS} endpoints`);
  });
  return undefined;
}

/** Removes endpoints by name or address. The group disappears with its last. Throws 400, 404. */
export async function removeEndpoints(pool: pg.Pool, group: string, body: unknown): Promise<undefined> {
  const endpoints = readEndpoints(body);
  await transaction(pool, async (client) => {
    const { rowCount } = await client.query('UPDATE qstash.url_group SET updated_at = now() WHERE name = $1', [group]);
    if (rowCount === 0) throw new ContractError(404, `topic ${group} not found`);
    for (const { name, url } of endpoints) {
      await client.query('DELETE FROM qstash.endpoint WHERE group_name = $1 AND ($2::text IS NULL OR name = $2) AND ($3::text IS NULL OR url = $3) AND coalesce($2, $3) IS NOT NULL', [group, textOf(name), textOf(url)]);
    }
    await client.query('DELETE FROM qstash.url_group g WHERE name = $1 AND NOT EXISTS (SELECT 1 FROM qstash.endpoint WHERE group_name = g.name)', [group]);
  });
  return undefined;
}

/** Sets the publish headers of the group. Throws 400, 404. */
export async function setGroupHeaders(pool: pg.Pool, group: string, body: unknown): Promise<undefined> {
  const { headers } = (body ?? {}) as { headers?: unknown };
  if (typeof headers !== 'object' || headers === null) throw new ContractError(400, 'headers must be an object');
  const texts = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), Array.isArray(value) ? value.join(', ') : String(value)]));
  const { rowCount } = await pool.query('UPDATE qstash.url_group SET headers = $2, updated_at = now() WHERE name = $1', [group, JSON.stringify(texts)]);
  if (rowCount === 0) throw new ContractError(404, `topic ${group} not found`);
  return undefined;
}

/** Deletes the group; one that is not there is deleted already, as clients expect. */
export async function deleteUrlGroup(pool: pg.Pool, group: string): Promise<undefined> {
  await pool.query('DELETE FROM qstash.url_group WHERE name = $1', [group]);
  return undefined;
}
