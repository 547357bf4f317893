import type { ModelMessage } from 'ai';
import type { z } from 'zod';
import type { LanguageModelSettings } from '../../config/language-model.js';
import { Continuation } from './continuation.js';
import { correctionOf, parseAnswer, schemaInstruction } from './json-answer.js';
import { LanguageModel, type FinishReason, type ModelDescription, type ObjectAnswer, type ObjectRequest, type OnText, type TextAnswer, type TextRequest } from './language-model.js';
import { LanguageModelError } from './language-model-error.js';
import { callModel, estimateUsage, type CallProgress, type ModelCall } from './model-call.js';
import { DEFAULT_PATIENCE, type ModelPatience } from './model-patience.js';
import { costOf, priceOf } from './model-price.js';
import { withRetries } from './model-retries.js';
import { loadModelSdk, type ModelSdk } from './model-sdk.js';
import { addCosts, type ModelCost, type ModelUsage } from './model-usage.js';
import { providerError } from './provider-error.js';

/** How often a model may answer with something that does not fit. */
const OBJECT_TRIES = 2;

type Question = Pick<ModelCall, 'system' | 'messages' | 'maxOutputTokens' | 'json' | 'timeLimit'>;

interface Answer {
  readonly text: string;
  readonly finishReason: FinishReason;
}

/** What has been used by all calls of a request: failed ones are paid for too. */
async function accounted<T>(work: (spent: ModelCost[]) => Promise<T>): Promise<T & ModelCost> {
  const spent: ModelCost[] = [];
  try {
    return { ...(await work(spent)), ...addCosts(spent) };
  } catch (error) {
    throw error instanceof LanguageModelError && spent.length > 0 ? error.with({ cost: addCosts(spent) }) : error;
  }
}

function assertWhole({ text, finishReason }: Answer): void {
  if (finishReason === 'length') throw new LanguageModelError('MODEL_ANSWER_TOO_LONG', 'The answer of the language model does not fit into maxOutputTokens.', { text });
  if (finishReason === 'content-filter') throw new LanguageModelError('MODEL_ANSWER_REFUSED', 'The provider of the language model withholds the answer.', { text });
}

/** Asks the model of PERCH_MODEL_PROVIDER through the client library, which the first call loads. */
export class AiSdkLanguageModel extends LanguageModel {
  private sdk: Promise<ModelSdk> | null = null;

  constructor(
    private readonly settings: Exclude<LanguageModelSettings, { provider: 'rules' }>,
    private readonly patience: ModelPatience = DEFAULT_PATIENCE,
  ) {
    super();
  }

  describe(): ModelDescription {
    return { provider: this.settings.provider, model: this.settings.model, deterministic: false };
  }

  costOf(usage: ModelUsage): number | null {
    return costOf(usage, this.settings.price ?? priceOf(this.settings.model));
  }

  protected write({ system, prompt, prefill = '', maxOutputTokens, timeLimit }: TextRequest, onText: OnText, signal: AbortSignal): Promise<TextAnswer> {
    return accounted(async (spent) => {
      let text = '';
      const call = async (timeLeft: number): Promise<FinishReason> => {
        const continuation = new Continuation(prefill);
        const messages: ModelMessage[] = [{ role: 'user', content: prompt }];
        if (continuation.sent !== '') messages.push({ role: 'assistant', content: continuation.sent });
        const hand = async (piece: string): Promise<void> => {
          text += piece;
          if (piece !== '') await onText(piece);
        };
        const answer = await this.ask({ system, messages, maxOutputTokens, json: false, timeLimit: timeLeft }, spent, (piece) => hand(continuation.take(piece)), signal);
        await hand(continuation.rest());
        return answer.finishReason;
      };
      try {
        const finishReason = await withRetries(call, timeLimit, signal, () => text === '');
        return { text, finishReason, model: this.settings.model };
      } catch (error) {
        throw error instanceof LanguageModelError ? error.with({ text }) : error;
      }
    });
  }

  protected fill<Schema extends z.ZodType>({ system, prompt, maxOutputTokens, timeLimit }: ObjectRequest<z.input<Schema>>, schema: Schema, signal: AbortSignal): Promise<ObjectAnswer<z.output<Schema>>> {
    return accounted(async (spent) => {
      const until = performance.now() + timeLimit;
      const question = { system: `${system}\n\n${schemaInstruction(schema)}`.trim(), maxOutputTokens, json: true };
      const messages: ModelMessage[] = [{ role: 'user', content: prompt }];
      for (let attempt = 1; ; attempt++) {
        const answer = await withRetries((timeLeft) => this.ask({ ...question, messages, timeLimit: timeLeft }, spent, () => undefined, signal), until - performance.now(), signal, () => true);
        assertWhole(answer);
        const parsed = await parseAnswer(answer.text, schema);
        if ('value' in parsed) return { value: parsed.value, model: this.settings.model };
        if (attempt === OBJECT_TRIES) throw new LanguageModelError('MODEL_ANSWER_INVALID', `The language model does not answer as asked: ${parsed.problem}.`, { text: answer.text });
        messages.push({ role: 'assistant', content: answer.text.trim() || 'null' }, { role: 'user', content: correctionOf(parsed.problem) });
      }
    });
  }

  private async ask(question: Question, spent: ModelCost[], onText: OnText, signal: AbortSignal): Promise<Answer> {
    const call: ModelCall = { ...question, patience: this.patience };
    const progress: CallProgress = { begun: false, text: '', usage: null };
    const thrown: { readonly error: unknown }[] = [];
    const guarded = async (piece: string): Promise<void> => {
      try {
        await onText(piece);
      } catch (error) {
        thrown.push({ error });
        throw error;
      }
    };
    this.sdk ??= loadModelSdk(this.settings);
    const sdk = await this.sdk;
    try {
      const finishReason = await callModel(sdk, call, progress, guarded, signal);
      return { text: progress.text, finishReason };
    } catch (error) {
      if (thrown[0]) throw thrown[0].error;
      throw this.failure(error, progress, signal);
    } finally {
      if (progress.begun) spent.push(this.costOfCall(call, progress));
    }
  }

  /** Whatever the client library makes of an abort, it is one. */
  private failure(error: unknown, { begun, text }: CallProgress, signal: AbortSignal): LanguageModelError {
    if (signal.aborted) return new LanguageModelError('MODEL_ABORTED', 'The answer of the language model was no longer wanted.', { text });
    return providerError(error, begun, this.settings.apiKey, Date.now()).with({ text });
  }

  private costOfCall(call: ModelCall, { usage, text }: CallProgress): ModelCost {
    const known = usage ?? estimateUsage(call, text);
    return { usage: known, costUsd: this.costOf(known) };
  }
}
