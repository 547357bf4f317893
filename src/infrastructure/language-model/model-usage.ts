/** Tokens of one call or of several. */
export interface ModelUsage {
  /** Tokens that the model read, with those from its cache. */
  readonly input: number;
  /** The part of `input` that came from the provider's cache. */
  readonly cachedInput: number;
  /** Tokens that the model wrote, with those of its reasoning. */
  readonly output: number;
  /** Whether the provider did not say and the numbers were guessed from the length of the texts. */
  readonly estimated: boolean;
}

/** What one call, or several, have used. */
export interface ModelCost {
  readonly usage: ModelUsage;
  /** US dollars; null where the price of the model is not known. */
  readonly costUsd: number | null;
}

export const NO_COST: ModelCost = { usage: { input: 0, cachedInput: 0, output: 0, estimated: false }, costUsd: 0 };

const BYTES_PER_TOKEN = 4;

/** A guess at the tokens of a text: a quarter of its bytes, which also fits scripts whose letters take three. */
export const estimateTokens = (text: string): number => Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN);

/** The sum of what calls have used. It is a guess where one is, and its price unknown where one is. */
export function addCosts(costs: readonly ModelCost[]): ModelCost {
  return costs.reduce((sum, { usage, costUsd }) => ({
    usage: {
      input: sum.usage.input + usage.input,
      cachedInput: sum.usage.cachedInput + usage.cachedInput,
      output: sum.usage.output + usage.output,
      estimated: sum.usage.estimated || usage.estimated,
    },
    costUsd: sum.costUsd === null || costUsd === null ? null : sum.costUsd + costUsd,
  }), NO_COST);
}
