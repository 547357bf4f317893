import type { Environment } from '../../config/environment.js';

const CALL_LIMIT_MS = 60_000;

/**
 * Calls a path of this installation as its own cron: for transports that have a clock but cannot sign. Throws where the
 * settings for it are missing, and when the answer is not a success.
 */
export async function callDoor({ publicUrl, cronSecret }: Environment, path: string): Promise<void> {
  if (publicUrl === null || cronSecret === null) throw new Error('PERCH_PUBLIC_URL and CRON_SECRET are needed for calls by the clock.');
  const answer = await fetch(`${publicUrl}${path}`, { method: 'POST', headers: { authorization: `Bearer ${cronSecret}` }, signal: AbortSignal.timeout(CALL_LIMIT_MS) });
  await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`The call of ${path} was answered ${answer.status}.`);
}
