import type pg from 'pg';

interface Ended {
  readonly id: string;
  readonly source_id?: string | null;
}

const FREE = `p.occupies AND p.state <> 'waiting' AND NOT EXISTS (SELECT 1 FROM qstash.message c WHERE c.source_id = p.id AND c.state = 'waiting')`;

/**
 * Frees the places in queues of messages that ended with all their callbacks. Runs after the commit that ended them: of two
 * processes that end the last two callbacks, the later one sees both. What a killed process left is freed by the sweep.
 */
export async function releasePlaces(pool: pg.Pool, ended: readonly Ended[]): Promise<void> {
  if (ended.length === 0) return;
  const ids = ended.flatMap(({ id, source_id: source }) => (source ? [id, source] : [id]));
  await pool.query(`UPDATE qstash.message p SET occupies = false WHERE p.id = ANY ($1) AND ${FREE}`, [ids]);
}

export const SWEEP_PLACES = `UPDATE qstash.message p SET occupies = false WHERE ${FREE}`;
