import type pg from 'pg';
import { SWEEP_PLACES } from './places.js';

const EVERY_MS = 60_000;
const STATEMENTS = [
  SWEEP_PLACES,
  `DELETE FROM qstash.event WHERE at < now() - interval '3 days'`,
  `DELETE FROM qstash.message m WHERE finished_at < now() - interval '3 days' AND (state <> 'dead' OR finished_at < now() - interval '30 days') AND NOT occupies`,
  'DELETE FROM qstash.deduplication WHERE expires_at < now()',
];

/** Forgets what is old: events and ended messages after 3 days, dead letters after 30. */
export async function cleanUp(pool: pg.Pool): Promise<void> {
  for (const statement of STATEMENTS) await pool.query(statement).catch((error: Error) => process.stderr.write(`qstash-server: ${error.message}\n`));
}

/** Cleans up now and each minute; returns what ends that. */
export function keepClean(pool: pg.Pool): () => Promise<void> {
  let running = cleanUp(pool);
  const timer = setInterval(() => void (running = running.then(() => cleanUp(pool))), EVERY_MS);
  return async () => {
    clearInterval(timer);
    await running;
  };
}
