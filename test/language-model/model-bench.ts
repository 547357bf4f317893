import type { LanguageModelSettings } from '../../src/config/language-model.js';
import { AiSdkLanguageModel } from '../../src/infrastructure/language-model/ai-sdk-language-model.js';
import type { LanguageModel, TextAnswer, TextRequest } from '../../src/infrastructure/language-model/language-model.js';
import { LanguageModelError } from '../../src/infrastructure/language-model/language-model-error.js';
import type { ModelPatience } from '../../src/infrastructure/language-model/model-patience.js';
import { RulesLanguageModel } from '../../src/infrastructure/language-model/rules-language-model.js';
import type { FakeModelServer } from '../support/fake-model-server.js';

export const KEY = 'key-that-must-never-be-seen-4711';
export const TEXT = 'Led a team of six engineers.\nCut the time of a build by half.';
export const NEVER = new AbortController().signal;

type Provider = LanguageModelSettings['provider'];

/** The adapter of a provider against the server. */
export function modelFor(provider: Provider, server: FakeModelServer, patience?: ModelPatience, model = 'gpt-5-mini'): LanguageModel {
  if (provider === 'rules') return new RulesLanguageModel();
  return new AiSdkLanguageModel({ provider, model, baseUrl: server.baseUrl, apiKey: KEY, price: null }, patience);
}

export function request(more: Partial<TextRequest> = {}): TextRequest {
  return { system: 'You are terse.', prompt: 'Improve this.', maxOutputTokens: 200, timeLimit: 20_000, rules: () => TEXT, ...more };
}

/** Streams into a list. */
export async function streamed(model: LanguageModel, asked: TextRequest, signal = NEVER): Promise<{ answer: TextAnswer; pieces: string[] }> {
  const pieces: string[] = [];
  const answer = await model.stream(asked, (piece) => void pieces.push(piece), signal);
  return { answer, pieces };
}

/** The failure of a call. */
export async function failureOf(work: Promise<unknown>): Promise<LanguageModelError> {
  const error = await work.then(() => null, (thrown: unknown) => thrown);
  if (error instanceof LanguageModelError) return error;
  throw new Error(`expected a LanguageModelError, got ${String(error)}`);
}
