import pg from 'pg';
import { sha256 } from '../../common/secrets.js';

const MARK = '/* planned once */';

/** Marks a fixed statement of which a connection keeps the plan, where the server lets it; planning costs as much as running it. */
export const plannedOnce = (sql: string): string => `${MARK} ${sql.trim()}`;

const names = new Map<string, string>();

/** The server cuts names at 63 characters. There are as many as there are marked statements in the source. */
function nameOf(sql: string): string {
  const name = names.get(sql) ?? `perch_${sha256(sql).toString('hex').slice(0, 32)}`;
  names.set(sql, name);
  return name;
}

type Send = (...parameters: unknown[]) => unknown;

/**
 * A connection that prepares the marked statements. Not for a pooler that gives each transaction another connection to the
 * server, unless it knows of prepared statements: the statement would be unknown there.
 */
export class PlanKeepingClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    const send = this.query.bind(this) as Send;
    const query: Send = (sql, values, ...rest) =>
      (typeof sql === 'string' && Array.isArray(values) && sql.startsWith(MARK) ? send({ name: nameOf(sql), text: sql, values }, ...rest) : send(sql, values, ...rest));
    Object.assign(this, { query });
  }
}
