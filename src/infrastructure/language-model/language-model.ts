import type { z } from 'zod';
import { LanguageModelError } from './language-model-error.js';
import type { ModelCost, ModelUsage } from './model-usage.js';

export interface ModelDescription {
  readonly provider: 'rules' | 'openai-compatible' | 'google';
  readonly model: string;
  /** Whether the same request always has the same answer, because no model is asked. */
  readonly deterministic: boolean;
}

export interface ModelRequest {
  readonly system: string;
  readonly prompt: string;
  readonly maxOutputTokens: number;
  /** Milliseconds that the call may take, with its retries and the waits between them. */
  readonly timeLimit: number;
}

export interface TextRequest extends ModelRequest {
  /** What the model has written in an earlier call that was cut; it goes on from there. */
  readonly prefill?: string;
  /** The whole text by rules alone: the answer where no model is set up. It must be the same each time. */
  readonly rules: () => string;
}

export interface ObjectRequest<Value> extends ModelRequest {
  /** The object by rules alone: the answer where no model is set up. It must be the same each time. */
  readonly rules: () => Value;
}

/** `length`: maxOutputTokens ended the text. `content-filter`: the provider did. */
export type FinishReason = 'stop' | 'length' | 'content-filter';

export interface TextAnswer extends ModelCost {
  /** What was written in this call, without the prefill. */
  readonly text: string;
  readonly finishReason: FinishReason;
  readonly model: string;
}

export interface ObjectAnswer<Value> extends ModelCost {
  readonly value: Value;
  readonly model: string;
}

/** Gets each piece of text as it comes. The model waits for it; what it throws ends the call and reaches the caller as it is. */
export type OnText = (piece: string) => void | Promise<void>;

const MAX_CHARACTERS = 1_000_000;
const MAX_OUTPUT_TOKENS = 128_000;

function problemOf({ system, prompt, maxOutputTokens, timeLimit }: ModelRequest, prefill = ''): string | null {
  if (prompt.trim() === '') return 'there is no prompt';
  if (system.length + prompt.length + prefill.length > MAX_CHARACTERS) return `its texts have more than ${MAX_CHARACTERS} characters`;
  if (!Number.isInteger(maxOutputTokens) || maxOutputTokens < 1 || maxOutputTokens > MAX_OUTPUT_TOKENS) return `maxOutputTokens must be from 1 to ${MAX_OUTPUT_TOKENS}`;
  return Number.isFinite(timeLimit) && timeLimit > 0 ? null : 'there is no time left for it';
}

function check(request: ModelRequest, prefill?: string): void {
  const problem = problemOf(request, prefill);
  if (problem !== null) throw new LanguageModelError('INVALID_MODEL_REQUEST', `The language model cannot be asked: ${problem}.`);
}

/**
 * What writes texts and fills in objects: a language model, or the rules of the caller where none is set up. All failures are
 * LanguageModelErrors, which carry the text so far and what it has cost.
 */
export abstract class LanguageModel {
  abstract describe(): ModelDescription;

  /** US dollars for the tokens; null where the price of the model is not known. */
  abstract costOf(usage: ModelUsage): number | null;

  /** Writes a text piece by piece. A text that was begun is never begun again by itself: the caller decides whether to go on from it. */
  async stream(request: TextRequest, onText: OnText, signal: AbortSignal): Promise<TextAnswer> {
    check(request, request.prefill);
    return this.write(request, onText, signal);
  }

  /** Fills in an object that fits the schema. Throws MODEL_ANSWER_INVALID where the model answers something else twice. */
  async object<Schema extends z.ZodType>(request: ObjectRequest<z.input<Schema>>, schema: Schema, signal: AbortSignal): Promise<ObjectAnswer<z.output<Schema>>> {
    check(request);
    return this.fill(request, schema, signal);
  }

  protected abstract write(request: TextRequest, onText: OnText, signal: AbortSignal): Promise<TextAnswer>;

  protected abstract fill<Schema extends z.ZodType>(request: ObjectRequest<z.input<Schema>>, schema: Schema, signal: AbortSignal): Promise<ObjectAnswer<z.output<Schema>>>;
}
