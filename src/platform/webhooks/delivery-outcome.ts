import type { OutboundAnswer } from '../../infrastructure/outbound-http/outbound-http.js';
import type { OutboundError } from '../../infrastructure/outbound-http/outbound-error.js';

/** Longest time that a receiver may ask to be spared for: as long as the longest wait of the schedule. */
const MAX_RETRY_AFTER_MS = 36_000_000;
const ASKS_TO_WAIT = [429, 503];

/** What came of one attempt. */
export interface DeliveryOutcome {
  readonly succeeded: boolean;
  /** The endpoint is no more and says so. */
  readonly gone: boolean;
  readonly status: number | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly answer: string | null;
  /** Milliseconds that the receiver asks to be left alone for. */
  readonly retryAfter: number | null;
}

/** Milliseconds until the time of a Retry-After header: seconds or a date; null where it is neither. */
export function readRetryAfter(header: string | undefined, now: Date): number | null {
  if (header === undefined) return null;
  const wait = /^\d{1,9}$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - now.getTime();
  return Number.isNaN(wait) ? null : Math.min(MAX_RETRY_AFTER_MS, Math.max(0, wait));
}

function refusalOf(status: number): { errorCode: string; errorMessage: string } {
  if (status >= 300 && status < 400) return { errorCode: 'REDIRECTED', errorMessage: `The endpoint answered ${status}. Redirects are not followed: enter the address that it leads to.` };
  if (status === 410) return { errorCode: 'GONE', errorMessage: 'The endpoint answered 410: it wants no more messages.' };
  return { errorCode: 'NOT_ACCEPTED', errorMessage: `The endpoint answered ${status}.` };
}

/** What an answer means: 2xx is success, everything else a failure. */
export function outcomeOfAnswer({ status, headers, beginning }: OutboundAnswer, now: Date): DeliveryOutcome {
  const succeeded = status >= 200 && status < 300;
  return {
    succeeded, gone: status === 410, status, ...(succeeded ? { errorCode: null, errorMessage: null } : refusalOf(status)),
    answer: beginning.toString('utf8').replaceAll('\u0000', ''), retryAfter: ASKS_TO_WAIT.includes(status) ? readRetryAfter(headers['retry-after'], now) : null,
  };
}

/** A request that was refused or not answered. */
export const outcomeOfError = ({ code, message }: OutboundError): DeliveryOutcome =>
  ({ succeeded: false, gone: false, status: null, errorCode: code, errorMessage: message, answer: null, retryAfter: null });
