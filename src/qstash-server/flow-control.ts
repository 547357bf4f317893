import type pg from 'pg';
import { ContractError } from './contract-error.js';
import { readLimit, readPeriod } from './flow-settings.js';

interface FlowRow {
  readonly key: string;
  readonly parallelism: number | null;
  readonly rate: number | null;
  readonly period_seconds: number;
  readonly paused: boolean;
  readonly pinned_parallelism: boolean;
  readonly pinned_rate: boolean;
  readonly rate_count: number;
  readonly period_start: Date;
  readonly waiting: number;
  readonly active: number;
}

const SELECT = `
SELECT f.key, f.parallelism, f.rate, f.period_seconds, f.paused, f.pinned_parallelism, f.pinned_rate, f.period_start,
  CASE WHEN f.period_start + make_interval(secs => f.period_seconds) <= now() THEN 0 ELSE f.rate_count END AS rate_count,
  (SELECT count(*)::int FROM qstash.message m WHERE m.flow_key = f.key AND m.state = 'waiting' AND m.attempt_at <= now() AND m.lease_token IS NULL) AS waiting,
  (SELECT count(*)::int FROM qstash.message m WHERE m.flow_key = f.key AND m.lease_token IS NOT NULL AND m.lease_until > now()) AS active
FROM qstash.flow_control f`;

const view = (row: FlowRow): Record<string, unknown> => ({
  flowControlKey: row.key, waitListSize: row.waiting, parallelismMax: row.parallelism ?? 0, parallelismCount: row.active, rateMax: row.rate ?? 0, rateCount: row.rate_count,
  ratePeriod: row.period_seconds, ratePeriodStart: Math.floor(row.period_start.getTime() / 1_000), isPaused: row.paused,
  isPinnedParallelism: row.pinned_parallelism, isPinnedRate: row.pinned_rate,
});

export async function listFlowControls(pool: pg.Pool, search: string | null): Promise<Record<string, unknown>[]> {
  const { rows } = await pool.query<FlowRow>(`${SELECT} WHERE $1::text IS NULL OR strpos(f.key, $1) > 0 ORDER BY f.key LIMIT 1000`, [search]);
  return rows.map(view);
}

/** Throws 404. */
export async function getFlowControl(pool: pg.Pool, key: string): Promise<Record<string, unknown>> {
  const { rows } = await pool.query<FlowRow>(`${SELECT} WHERE f.key = $1`, [key]);
  if (!rows[0]) throw new ContractError(404, `flow control ${key} not found`);
  return view(rows[0]);
}

async function change(pool: pg.Pool, key: string, assignments: string, values: readonly unknown[] = []): Promise<undefined> {
  const { rowCount } = await pool.query(`UPDATE qstash.flow_control SET ${assignments} WHERE key = $1`, [key, ...values]);
  if (rowCount === 0) throw new ContractError(404, `flow control ${key} not found`);
  return undefined;
}

/** What can be done to a key by POST /v2/flowControl/{key}/{verb}; in lower case; each throws 404 for a key that no message had. */
export const FLOW_VERBS: Readonly<Record<string, (pool: pg.Pool, key: string, query: URLSearchParams) => Promise<undefined>>> = {
  pause: (pool, key) => change(pool, key, 'paused = true'),
  resume: (pool, key) => change(pool, key, 'paused = false'),
  resetrate: (pool, key) => change(pool, key, 'rate_count = 0, period_start = now()'),
  reset: (pool, key) => change(pool, key, 'rate_count = 0, period_start = now()'),
  unpin: (pool, key, query) => change(pool, key, 'pinned_parallelism = pinned_parallelism AND NOT $2, pinned_rate = pinned_rate AND NOT $3', [query.get('parallelism') === 'true', query.get('rate') === 'true']),
  pin: async (pool, key, query) => {
    const [parallelism, rate, period] = [readLimit(query.get('parallelism'), 'parallelism'), readLimit(query.get('rate'), 'rate'), readPeriod(query.get('period'))];
    if (parallelism === null && rate === null) throw new ContractError(400, 'pin needs parallelism or rate');
    return change(pool, key, `parallelism = coalesce($2, parallelism), pinned_parallelism = pinned_parallelism OR $2 IS NOT NULL,
      rate = coalesce($3, rate), pinned_rate = pinned_rate OR $3 IS NOT NULL, period_seconds = CASE WHEN $3::int IS NULL THEN period_seconds ELSE $4 END`.replaceAll(/\$([23])(?!:)/g, '$$$1::int'), [parallelism, rate, period]);
  },
};

/** How many deliveries are under way in all processes; each process begins at most `parallelism`. */
export async function globalParallelism(pool: pg.Pool, parallelism: number): Promise<Record<string, number>> {
  const { rows } = await pool.query<{ count: number }>('SELECT count(*)::int AS count FROM qstash.message WHERE lease_token IS NOT NULL AND lease_until > now()');
  return { parallelismMax: parallelism, parallelismCount: rows[0]!.count };
}
