import { isLoopbackUrl } from '../common/safe-url.js';

/** US dollars per million tokens. */
export interface ModelPrice {
  readonly input: number;
  readonly cachedInput: number;
  readonly output: number;
}

interface ProviderSettings {
  readonly model: string;
  readonly apiKey: string | null;
  /** What the model costs, instead of what is known of it. */
  readonly price: ModelPrice | null;
}

/** Which language model writes; `rules` is none. */
export type LanguageModelSettings =
  | { readonly provider: 'rules' }
  | (ProviderSettings & { readonly provider: 'openai-compatible'; readonly baseUrl: string })
  | (ProviderSettings & { readonly provider: 'google'; readonly baseUrl: string | null });

export const MODEL_PROVIDERS = ['rules', 'openai-compatible', 'google'] as const;

type Get = (name: string) => string | null;

const NEEDED: Readonly<Record<string, readonly string[]>> = {
  'openai-compatible': ['PERCH_MODEL', 'PERCH_MODEL_BASE_URL', 'PERCH_MODEL_API_KEY'],
  google: ['PERCH_MODEL', 'PERCH_MODEL_API_KEY'],
};

/** What the chosen provider still lacks. A server on this machine needs no key. */
export function languageModelProblems(get: Get): string[] {
  const provider = get('PERCH_MODEL_PROVIDER') ?? 'rules';
  const needsKey = !isLoopbackUrl(get('PERCH_MODEL_BASE_URL') ?? '');
  return (NEEDED[provider] ?? [])
    .filter((name) => get(name) === null && (name !== 'PERCH_MODEL_API_KEY' || needsKey))
    .map((name) => `${name} is missing. PERCH_MODEL_PROVIDER is ${provider}, which needs it; "rules" needs nothing.`);
}

function priceIn(get: Get): ModelPrice | null {
  const [input, output] = [get('PERCH_MODEL_PRICE_INPUT'), get('PERCH_MODEL_PRICE_OUTPUT')];
  // What a cached token costs is not asked for: the full price is never too low.
  return input === null || output === null ? null : { input: Number(input), cachedInput: Number(input), output: Number(output) };
}

/** The settings of an environment without problems. */
export function readLanguageModel(get: Get): LanguageModelSettings {
  const common = { model: get('PERCH_MODEL')!, apiKey: get('PERCH_MODEL_API_KEY'), price: priceIn(get) };
  const baseUrl = get('PERCH_MODEL_BASE_URL');
  switch (get('PERCH_MODEL_PROVIDER')) {
    case 'openai-compatible':
      return { provider: 'openai-compatible', baseUrl: baseUrl!, ...common };
    case 'google':
      return { provider: 'google', baseUrl, ...common };
    default:
      return { provider: 'rules' };
  }
}
