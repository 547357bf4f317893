import pg from 'pg';
import { closedLoop, timed } from './closed-loop.js';
import { SEVERAL, SEVERAL_JOBS, SINGLE_JOBS, type Latency, type Measurement } from './measurement.js';
import { emptyDatabase } from './own-database.js';

/** The least that a durable job costs in PostgreSQL: one transaction that inserts it and one that marks it as done. */
export async function measure(): Promise<Measurement> {
  const pool = new pg.Pool({ connectionString: await emptyDatabase('floor'), max: SEVERAL });
  await pool.query(`CREATE TABLE job (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, payload jsonb NOT NULL, state text NOT NULL DEFAULT 'queued', created_at timestamptz NOT NULL DEFAULT now(), finished_at timestamptz)`);
  const one = async (index: number): Promise<number> => {
    const { rows } = await pool.query<{ id: string }>('INSERT INTO job (payload) VALUES ($1) RETURNING id', [{ index }]);
    await pool.query(`UPDATE job SET state = 'done', finished_at = now() WHERE id = $1`, [rows[0]!.id]);
    return performance.now();
  };
  const single = await closedLoop(1, SINGLE_JOBS, one);
  let several: Latency = single;
  const took = await timed(async () => (several = await closedLoop(SEVERAL, SEVERAL_JOBS, one)));
  await pool.end();
  return { drain: (SEVERAL_JOBS / took) * 1_000, single, several, bulk: null, workflow: null };
}
