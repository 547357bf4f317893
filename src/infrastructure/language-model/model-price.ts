import type { ModelPrice } from '../../config/language-model.js';
import type { ModelUsage } from './model-usage.js';

/** US dollars per million tokens of a few models, as pages of 2026 give them, the dearer figure where they differ; PERCH_MODEL_PRICE_* overrides them. */
const PRICES: Readonly<Record<string, ModelPrice>> = {
  'gpt-5-mini': { input: 0.25, cachedInput: 0.025, output: 2 },
  'gpt-4.1-mini': { input: 0.4, cachedInput: 0.1, output: 1.6 },
  'gpt-4o-mini': { input: 0.15, cachedInput: 0.075, output: 0.6 },
  'gemini-2.5-flash': { input: 0.3, cachedInput: 0.075, output: 2.5 },
  'gemini-2.5-flash-lite': { input: 0.1, cachedInput: 0.01, output: 0.4 },
};

/** Price of a model, also where its name carries a vendor in front or a date at the end; null where it is not known. */
export function priceOf(model: string): ModelPrice | null {
  const name = model.slice(model.lastIndexOf('/') + 1).replace(/-\d{4}-\d{2}-\d{2}$/, '');
  return Object.hasOwn(PRICES, name) ? PRICES[name]! : null;
}

/** US dollars for the tokens at a price; null, never zero, where the price is not known. */
export function costOf({ input, cachedInput, output }: ModelUsage, price: ModelPrice | null): number | null {
  if (price === null) return null;
  return ((input - cachedInput) * price.input + cachedInput * price.cachedInput + output * price.output) / 1_000_000;
}
