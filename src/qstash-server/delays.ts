import { readDuration } from './duration.js';
import { evaluateRetryDelay } from './retry-delay.js';

const DAY_MS = 86_400_000;
const WAIT_HEADERS = ['retry-after', 'x-ratelimit-reset', 'x-ratelimit-reset-requests', 'x-ratelimit-reset-tokens'];

/** Milliseconds before retry number `retry`, counted from 1: e to the power of 2.5 n seconds, at most a day (the vendor's default). */
const defaultDelay = (retry: number): number => Math.min(DAY_MS, Math.round(Math.exp(2.5 * retry) * 1_000));

/** How long the destination asked to be left alone, in milliseconds; null where it did not say, or asked for more than a day. */
function requestedDelay(header: (name: string) => string | null, now: number): number | null {
  for (const name of WAIT_HEADERS) {
    const text = header(name)?.trim();
    if (!text) continue;
    const wait = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1_000 : (readDuration(text) ?? Date.parse(text) - now);
    if (Number.isFinite(wait) && wait >= 0 && wait <= DAY_MS) return wait;
  }
  return null;
}

/** Milliseconds until the next try of a message that was retried so often: what the destination asked for, else the message's expression, else the default. */
export const nextDelay = (header: (name: string) => string | null, expression: string | null, retried: number): number =>
  requestedDelay(header, Date.now()) ?? (expression === null ? defaultDelay(retried + 1) : evaluateRetryDelay(expression, retried));
