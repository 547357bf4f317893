import pg from 'pg';

const CONNECT_LIMIT_MS = 8_000;
const PROBE_LIMIT_MS = 3_000;

/** What a login of the database is and may do. */
export interface LoginFacts {
  readonly login: string;
  /** A superuser, or one with BYPASSRLS. */
  readonly unbound: boolean;
  readonly ownsTables: boolean;
  /** Whether it has the rights that migrations grant to the application. */
  readonly isMember: boolean;
  /** Server version, like 18.4. */
  readonly version: string;
  /** Milliseconds by which the clock of the server is ahead of the given one. */
  readonly clockAhead: number;
  /** Whether each transaction may get another connection to the server. */
  readonly pooledByTransaction: boolean;
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: 'perch-doctor', connectionTimeoutMillis: CONNECT_LIMIT_MS });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

const pidOf = async (client: pg.Client): Promise<number> => (await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]!.pid;

/**
 * Whether a pooler stands between that lends connections for a transaction: while another client holds the connection that this
 * one had, this one gets a different one, or has to wait.
 */
export async function isPooledByTransaction(client: pg.Client, url: string): Promise<boolean> {
  const before = await pidOf(client);
  const other = await connect(url);
  try {
    await other.query('BEGIN');
    if (await pidOf(other) === before) return true;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<null>((done) => (timer = setTimeout(done, PROBE_LIMIT_MS, null)));
    const after = await Promise.race([pidOf(client), late]);
    clearTimeout(timer);
    return after !== before;
  } finally {
    await other.end();
  }
}

const FACTS = `
SELECT r.rolname AS login, r.rolsuper OR r.rolbypassrls AS unbound, current_setting('server_version') AS version, extract(epoch FROM clock_timestamp()) * 1000 AS time,
  EXISTS (SELECT 1 FROM pg_class WHERE relowner = r.oid AND relkind = 'r' AND relnamespace = 'public'::regnamespace) AS "ownsTables",
  EXISTS (SELECT 1 FROM pg_roles g WHERE g.rolname = 'perch_app' AND pg_has_role(r.oid, g.oid, 'member')) AS "isMember"
FROM pg_roles r WHERE r.rolname = current_user`;

/** Looks at the database through the address. Throws where it cannot be reached. */
export async function probeConnection(url: string, now: () => Date): Promise<LoginFacts> {
  const client = await connect(url);
  try {
    const sent = performance.now();
    const { rows: [row] } = await client.query<Omit<LoginFacts, 'clockAhead' | 'pooledByTransaction'> & { time: string }>(FACTS);
    const { time, ...facts } = row!;
    const clockAhead = Math.round(Number(time) - (now().getTime() - (performance.now() - sent) / 2));
    return { ...facts, clockAhead, pooledByTransaction: await isPooledByTransaction(client, url) };
  } finally {
    void client.end();
  }
}
