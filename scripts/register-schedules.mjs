// Arranges the calls of QStash after a build for production on the platform; elsewhere, and without a token, it does nothing.
// A deployment is good without it: what could not be arranged is said, and "perch schedules sync" can be run later.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const LIMIT_MS = 60_000;

export function registerSchedules({ VERCEL, VERCEL_ENV = 'production', QSTASH_TOKEN } = process.env) {
  if (!VERCEL || !QSTASH_TOKEN || VERCEL_ENV !== 'production') return;
  const program = join(dirname(fileURLToPath(import.meta.url)), 'perch.mjs');
  const { status } = spawnSync(process.execPath, [program, 'schedules', 'sync'], { stdio: 'inherit', timeout: LIMIT_MS });
  if (status !== 0) console.warn('The schedules could not be arranged at QStash. Run "perch schedules sync" once the database and QStash can be reached.');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) registerSchedules();
