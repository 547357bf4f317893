import { setTimeout as pause } from 'node:timers/promises';
import { backoffDelay, type Backoff } from '../../common/backoff.js';
import { LanguageModelError, type LanguageModelErrorCode } from './language-model-error.js';

const TRIES = 3;
const BACKOFF: Backoff = { base: 500, factor: 3, cap: 5_000, jitter: 0.5 };
/** A longer wait is the caller's: a function that waits is paid for. Milliseconds. */
const LONGEST_WAIT_MS = 10_000;
/** A call that is begun with less time left is in vain. */
const SHORTEST_CALL_MS = 1_000;
const WORTH_TRYING: readonly LanguageModelErrorCode[] = ['MODEL_BUSY', 'MODEL_UNAVAILABLE', 'MODEL_TOO_SLOW', 'MODEL_STREAM_CUT'];

async function waitFor(delay: number, error: LanguageModelError, signal: AbortSignal): Promise<void> {
  try {
    await pause(delay, undefined, { signal });
  } catch {
    throw new LanguageModelError('MODEL_ABORTED', 'The answer of the language model was no longer wanted.', { cost: error.cost });
  }
}

/**
 * Tries a call up to three times while its failures may pass. `timeLimit` bounds calls and waits together: where the provider
 * asks for a longer wait than fits, its failure is thrown with `retryAfterMs`. A failure for which `isLost` is false, because
 * the caller has already got a part of the answer, is thrown at once.
 */
export async function withRetries<Answer>(call: (timeLeft: number) => Promise<Answer>, timeLimit: number, signal: AbortSignal, isLost: (error: LanguageModelError) => boolean): Promise<Answer> {
  const until = performance.now() + timeLimit;
  for (let attempt = 1; ; attempt++) {
    try {
      return await call(until - performance.now());
    } catch (error) {
      if (!(error instanceof LanguageModelError) || attempt >= TRIES || !WORTH_TRYING.includes(error.code) || !isLost(error)) throw error;
      const delay = Math.max(error.retryAfterMs ?? 0, backoffDelay(BACKOFF, attempt, Math.random()));
      if (delay > LONGEST_WAIT_MS || delay + SHORTEST_CALL_MS > until - performance.now()) throw error;
      await waitFor(delay, error, signal);
    }
  }
}
