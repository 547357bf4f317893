import { messageOf } from '../../common/errors.js';
import { redactText } from '../../common/redact.js';
import { LanguageModelError, type LanguageModelErrorCode } from './language-model-error.js';
import { retryAfter } from './retry-after.js';

/** What the client library tells of an HTTP answer; it marks its errors by name. */
interface ApiFailure {
  readonly name: string;
  readonly statusCode?: number;
  readonly responseHeaders?: Readonly<Record<string, string>>;
  readonly responseBody?: string;
}

const TEXT_LIMIT = 300;
const SETUP_STATUSES = [401, 402, 403, 404];

const WORDS: Readonly<Partial<Record<LanguageModelErrorCode, string>>> = {
  MODEL_BUSY: 'The language model asks to try again later',
  MODEL_UNAVAILABLE: 'The language model cannot be reached or has failed',
  MODEL_STREAM_CUT: 'The language model broke off',
  MODEL_SETUP: 'The language model does not accept PERCH_MODEL or PERCH_MODEL_API_KEY, or its account is used up',
  MODEL_REQUEST_REFUSED: 'The language model refused the request for good',
};

function codeOfStatus(status: number | undefined, body: string): LanguageModelErrorCode {
  // A connection that ends within a good answer is told as a failure of that answer.
  if (status !== undefined && status < 300) return 'MODEL_STREAM_CUT';
  if (status === undefined || status >= 500 || status === 408 || status === 409) return 'MODEL_UNAVAILABLE';
  // An account without money is told so with the status of a busy server.
  if (status === 429) return /insufficient_quota/.test(body) ? 'MODEL_SETUP' : 'MODEL_BUSY';
  return SETUP_STATUSES.includes(status) ? 'MODEL_SETUP' : 'MODEL_REQUEST_REFUSED';
}

/** A connection that ends within an answer, and an answer without its last part; a part that says "error" is the provider's own failure. */
const CUTS = ['TypeError', 'AI_InvalidResponseDataError'];

function textOf(error: unknown): string {
  const inner = (error as { message?: unknown } | null)?.message;
  return typeof inner === 'string' ? inner : messageOf(error);
}

/** What a failure of the client library means; `begun` is whether there was an answer. The key is taken out of its text; neither the request nor the prompt is kept. */
export function providerError(error: unknown, begun: boolean, apiKey: string | null, now: number): LanguageModelError {
  if (error instanceof LanguageModelError) return error;
  const { name, statusCode, responseHeaders = {}, responseBody = '' } = (error ?? {}) as ApiFailure;
  const isAnswer = name === 'AI_APICallError';
  const code = isAnswer ? codeOfStatus(statusCode, responseBody) : begun && CUTS.includes(name) ? 'MODEL_STREAM_CUT' : 'MODEL_UNAVAILABLE';
  const text = textOf(error).replace(/\s+/g, ' ').trim();
  const safe = redactText(apiKey === null ? text : text.replaceAll(apiKey, '[hidden]')).slice(0, TEXT_LIMIT);
  const status = isAnswer && statusCode !== undefined ? ` (${statusCode})` : '';
  return new LanguageModelError(code, `${WORDS[code]}${status}: ${safe}`, { retryAfterMs: isAnswer ? retryAfter(responseHeaders, responseBody, now) : null });
}
