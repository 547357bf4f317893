import type { LanguageModel as SdkModel, streamText, Output } from 'ai';
import type { LanguageModelSettings } from '../../config/language-model.js';

type RemoteSettings = Exclude<LanguageModelSettings, { provider: 'rules' }>;

/** What is needed of the client library, once it is loaded. */
export interface ModelSdk {
  readonly model: SdkModel;
  readonly streamText: typeof streamText;
  readonly Output: typeof Output;
}

/** This host refuses the older name of the limit for its newer models; others know only the older. */
const NEW_LIMIT_NAME_HOST = 'api.openai.com';

/** A redirect would carry texts of candidates to an address that nobody has set up. */
const fetchWithoutRedirect: typeof fetch = (input, init) => fetch(input, { ...init, redirect: 'error' });

function renameLimit({ max_tokens: limit, ...body }: Record<string, unknown>): Record<string, unknown> {
  return limit === undefined ? body : { ...body, max_completion_tokens: limit };
}

async function createModel({ provider, model, baseUrl, apiKey }: RemoteSettings): Promise<SdkModel> {
  if (provider === 'google') {
    const { createGoogleGenerativeAI } = await import('@ai-sdk/google');
    return createGoogleGenerativeAI({ apiKey: apiKey ?? '', ...(baseUrl === null ? {} : { baseURL: baseUrl }), fetch: fetchWithoutRedirect })(model);
  }
  const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
  return createOpenAICompatible({
    name: 'perch', baseURL: baseUrl, includeUsage: true, fetch: fetchWithoutRedirect,
    ...(apiKey === null ? {} : { apiKey }),
    ...(new URL(baseUrl).hostname === NEW_LIMIT_NAME_HOST ? { transformRequestBody: renameLimit } : {}),
  })(model);
}

/** Loads the client library and the provider's part of it: the first call does, never a cold start. */
export async function loadModelSdk(settings: RemoteSettings): Promise<ModelSdk> {
  globalThis.AI_SDK_LOG_WARNINGS = false;
  const { streamText, Output } = await import('ai');
  return { model: await createModel(settings), streamText, Output };
}
