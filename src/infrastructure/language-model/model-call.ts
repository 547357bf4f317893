import type { LanguageModelUsage, ModelMessage, TextStreamPart, ToolSet } from 'ai';
import type { FinishReason, OnText } from './language-model.js';
import { LanguageModelError } from './language-model-error.js';
import { waitForPiece, type ModelPatience } from './model-patience.js';
import type { ModelSdk } from './model-sdk.js';
import { estimateTokens, type ModelUsage } from './model-usage.js';

export interface ModelCall {
  readonly system: string;
  readonly messages: readonly ModelMessage[];
  readonly maxOutputTokens: number;
  /** Whether the answer is to be JSON. */
  readonly json: boolean;
  /** Milliseconds until the whole answer must be there. */
  readonly timeLimit: number;
  readonly patience: ModelPatience;
}

/** What has come of a call so far; it stays readable after a failure. */
export interface CallProgress {
  /** Whether the model was reached, so that the call may have cost something. */
  begun: boolean;
  text: string;
  usage: ModelUsage | null;
}

type Part = TextStreamPart<ToolSet>;

/** No answer of the allowed number of tokens is longer; a server that never ends is. */
const CHARACTERS_PER_TOKEN = 50;

const usageOf = ({ inputTokens, outputTokens, inputTokenDetails }: LanguageModelUsage): ModelUsage | null =>
  inputTokens === undefined || outputTokens === undefined
    ? null
    : { input: inputTokens, cachedInput: Math.min(inputTokens, inputTokenDetails.cacheReadTokens ?? 0), output: outputTokens, estimated: false };

/** A guess at what a call has used whose provider did not say, or could not. */
export function estimateUsage({ system, messages }: ModelCall, text: string): ModelUsage {
  const asked = messages.map(({ content }) => (typeof content === 'string' ? content : ''));
  return { input: estimateTokens([system, ...asked].join('\n')), cachedInput: 0, output: estimateTokens(text), estimated: true };
}

/** An answer that ends without a reason was cut on its way. */
function finishOf({ finishReason, rawFinishReason }: Extract<Part, { type: 'finish' }>): FinishReason {
  if (finishReason === 'length' || finishReason === 'content-filter') return finishReason;
  if (finishReason !== 'stop' && (rawFinishReason === undefined || finishReason === 'error')) throw new LanguageModelError('MODEL_STREAM_CUT', 'The language model broke off: its answer has no end.');
  return 'stop';
}

function failureOf(part: Part): unknown {
  if (part.type === 'error') return part.error;
  return part.type === 'abort' ? new LanguageModelError('MODEL_ABORTED', 'The answer of the language model was no longer wanted.') : null;
}

async function* partsOf(sdk: ModelSdk, call: ModelCall, signal: AbortSignal): AsyncGenerator<Part> {
  const { system, messages, maxOutputTokens, json, timeLimit, patience } = call;
  const ended = new AbortController();
  const [start, abortSignal] = [performance.now(), AbortSignal.any([signal, ended.signal])];
  try {
    const { fullStream } = sdk.streamText({
      model: sdk.model, system, messages: [...messages], maxOutputTokens, maxRetries: 0, abortSignal, onError: () => undefined,
      ...(json ? { output: sdk.Output.json() } : {}),
    });
    const parts = fullStream[Symbol.asyncIterator]();
    for (let isFirst = true; ; ) {
      const passed: number = performance.now() - start;
      const silence: number = isFirst ? patience.first - passed : patience.between;
      const next: IteratorResult<Part, undefined> = await waitForPiece(parts.next(), Math.min(silence, timeLimit - passed), signal);
      if (next.done) return;
      isFirst &&= next.value.type === 'start' || next.value.type === 'start-step';
      yield next.value;
    }
  } finally {
    ended.abort();
  }
}

/** Makes one call and notes in `progress` what comes of it. Throws what the client library throws, or a LanguageModelError. */
export async function callModel(sdk: ModelSdk, call: ModelCall, progress: CallProgress, onText: OnText, signal: AbortSignal): Promise<FinishReason> {
  for await (const part of partsOf(sdk, call, signal)) {
    const failure = failureOf(part);
    if (failure !== null) throw failure;
    progress.begun ||= part.type !== 'start';
    if (part.type === 'text-delta') {
      progress.text += part.text;
      if (progress.text.length > call.maxOutputTokens * CHARACTERS_PER_TOKEN) throw new LanguageModelError('MODEL_ANSWER_TOO_LONG', 'The language model does not stop writing.');
      await onText(part.text);
    } else if (part.type === 'finish') {
      progress.usage = usageOf(part.totalUsage);
      return finishOf(part);
    }
  }
  throw new LanguageModelError('MODEL_STREAM_CUT', 'The language model broke off: its answer has no end.');
}
