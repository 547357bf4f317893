import { setImmediate as turn } from 'node:timers/promises';
import type { z } from 'zod';
import { LanguageModel, type ModelDescription, type ObjectAnswer, type ObjectRequest, type OnText, type TextAnswer, type TextRequest } from './language-model.js';
import { LanguageModelError } from './language-model-error.js';
import { NO_COST } from './model-usage.js';

const MODEL = 'rules';
const PIECE = /\S+\s*|\s+/g;

function assertRunning(signal: AbortSignal, text: string): void {
  if (signal.aborted) throw new LanguageModelError('MODEL_ABORTED', 'The text was no longer wanted.', { text, cost: NO_COST });
}

/** Answers by the rules that each request brings along, word by word: everything works without a key, and the same each time. */
export class RulesLanguageModel extends LanguageModel {
  describe(): ModelDescription {
    return { provider: 'rules', model: MODEL, deterministic: true };
  }

  costOf(): number {
    return 0;
  }

  protected async write({ rules, prefill = '' }: TextRequest, onText: OnText, signal: AbortSignal): Promise<TextAnswer> {
    const whole = rules();
    if (!whole.startsWith(prefill)) throw new LanguageModelError('MODEL_CANNOT_CONTINUE', 'The rules write another text than the one that was begun.', { cost: NO_COST });
    let text = '';
    for (const piece of whole.slice(prefill.length).match(PIECE) ?? []) {
      await turn();
      assertRunning(signal, text);
      text += piece;
      await onText(piece);
    }
    return { text, finishReason: 'stop', model: MODEL, ...NO_COST };
  }

  protected async fill<Schema extends z.ZodType>({ rules }: ObjectRequest<z.input<Schema>>, schema: Schema, signal: AbortSignal): Promise<ObjectAnswer<z.output<Schema>>> {
    assertRunning(signal, '');
    return { value: await schema.parseAsync(rules()), model: MODEL, ...NO_COST };
  }
}
