import { DomainError } from '../../common/errors.js';
import type { ModelCost } from './model-usage.js';

export type LanguageModelErrorCode =
  | 'INVALID_MODEL_REQUEST'
  | 'MODEL_BUSY'
  | 'MODEL_UNAVAILABLE'
  | 'MODEL_TOO_SLOW'
  | 'MODEL_STREAM_CUT'
  | 'MODEL_ABORTED'
  | 'MODEL_SETUP'
  | 'MODEL_REQUEST_REFUSED'
  | 'MODEL_ANSWER_REFUSED'
  | 'MODEL_ANSWER_INVALID'
  | 'MODEL_ANSWER_TOO_LONG'
  | 'MODEL_CANNOT_CONTINUE';

/** The failures that the same request meets each time: the others are worth another attempt. */
const PERMANENT: readonly LanguageModelErrorCode[] = [
  'INVALID_MODEL_REQUEST', 'MODEL_REQUEST_REFUSED', 'MODEL_ANSWER_REFUSED', 'MODEL_ANSWER_INVALID', 'MODEL_ANSWER_TOO_LONG', 'MODEL_CANNOT_CONTINUE',
];

/** What is known of a call that failed. */
export interface FailedCall {
  /** Milliseconds after which the provider asks to try again; null where it does not say. */
  readonly retryAfterMs: number | null;
  /** What the model had written until then. */
  readonly text: string;
  /** What the call has cost all the same; null where the model was not reached. */
  readonly cost: ModelCost | null;
}

/** A language model did not give a usable answer. A job that gets one with `retryAfterMs` should be tried again after that time. */
export class LanguageModelError extends DomainError implements FailedCall {
  readonly retryAfterMs: number | null;
  readonly text: string;
  readonly cost: ModelCost | null;

  constructor(
    override readonly code: LanguageModelErrorCode,
    message: string,
    { retryAfterMs = null, text = '', cost = null }: Partial<FailedCall> = {},
  ) {
    super(code, message, 502, !PERMANENT.includes(code));
    this.name = 'LanguageModelError';
    this.retryAfterMs = retryAfterMs;
    this.text = text;
    this.cost = cost;
  }

  /** The same failure with more that is known of the call. */
  with(known: Partial<FailedCall>): LanguageModelError {
    return new LanguageModelError(this.code, this.publicMessage, { retryAfterMs: this.retryAfterMs, text: this.text, cost: this.cost, ...known });
  }
}
