import { backoffDelay } from '../../common/backoff.js';
import { DomainError, messageOf } from '../../common/errors.js';
import { redactText } from '../../common/redact.js';
import { MAX_DELAY_MS, type JobDefinition } from '../definition/define-job.js';
import { NonRetryableError } from '../definition/non-retryable-error.js';
import { RetryLaterError } from '../definition/retry-later-error.js';
import type { ClaimedJob } from './claimed-job.js';
import type { JobEnd } from './job-end.js';

const TEXT_LIMIT = 2_000;

export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly permanent: boolean;
  /** What the failure itself says about when to try again, in milliseconds. */
  readonly delay: number | null;
}

/** What a failure says about itself; secrets in its text are hidden. */
export function describeFailure(error: unknown): Failure {
  const message = redactText(messageOf(error)).replaceAll('\u0000', '').slice(0, TEXT_LIMIT);
  if (error instanceof NonRetryableError) return { code: error.code, message, permanent: true, delay: null };
  if (error instanceof RetryLaterError) return { code: error.code, message, permanent: false, delay: Math.min(MAX_DELAY_MS, Math.max(0, error.delay)) };
  if (error instanceof DomainError) return { code: error.code, message: error.publicMessage, permanent: !error.retryable, delay: null };
  return { code: 'UNEXPECTED', message, permanent: false, delay: null };
}

/** What becomes of a job whose attempt failed: another attempt after a delay, or the end. `random` is in [0, 1). */
export function endOfFailure(error: unknown, job: ClaimedJob, definition: JobDefinition | null, random: number): JobEnd & { outcome: 'retry' | 'dead' } {
  const { code, message, permanent, delay } = describeFailure(error);
  if (permanent || !definition || job.attempt >= job.maxAttempts) return { outcome: 'dead', code, message };
  return { outcome: 'retry', code, message, delay: delay ?? backoffDelay(definition.backoff, job.attempt, random) };
}
