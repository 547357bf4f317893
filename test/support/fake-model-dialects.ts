export interface FakeUsage {
  readonly input: number;
  readonly cached: number;
  readonly output: number;
}

/** What the tests look at in a request, of either protocol. */
export interface ModelBody {
  readonly model?: string;
  readonly max_tokens?: number;
  readonly response_format?: { readonly type: string };
  readonly stream_options?: { readonly include_usage: boolean };
  readonly messages?: readonly { readonly role: string; readonly content: string }[];
  readonly contents?: readonly { readonly role: string; readonly parts: readonly { readonly text: string }[] }[];
  readonly systemInstruction?: { readonly parts: readonly { readonly text: string }[] };
  readonly generationConfig?: { readonly maxOutputTokens?: number; readonly responseMimeType?: string };
}

type Finish = 'stop' | 'length' | 'content-filter' | null;

/** How one protocol writes what all of them say. */
export interface Dialect {
  prefillOf(body: ModelBody): string;
  piece(text: string): string;
  end(finish: Finish, usage: FakeUsage | null): readonly string[];
  error(status: number, message: string, code?: string): string;
}

export const openAiDialect: Dialect = {
  prefillOf: ({ messages = [] }) => (messages.at(-1)?.role === 'assistant' ? messages.at(-1)!.content : ''),
  piece: (text) => JSON.stringify({ id: 'c1', object: 'chat.completion.chunk', choices: [{ index: 0, delta: { role: 'assistant', content: text }, finish_reason: null }] }),
  end: (finish, usage) => [
    ...(finish === null ? [] : [JSON.stringify({ id: 'c1', choices: [{ index: 0, delta: {}, finish_reason: finish.replace('-', '_') }] })]),
    ...(usage === null ? [] : [JSON.stringify({ id: 'c1', choices: [], usage: { prompt_tokens: usage.input, completion_tokens: usage.output, total_tokens: usage.input + usage.output, prompt_tokens_details: { cached_tokens: usage.cached } } })]),
    ...(finish === null ? [] : ['[DONE]']),
  ],
  error: (_status, message, code = 'some_code') => JSON.stringify({ error: { message, type: 'some_type', code } }),
};

const GOOGLE_FINISH = { stop: 'STOP', length: 'MAX_TOKENS', 'content-filter': 'SAFETY' } as const;

export const googleDialect: Dialect = {
  prefillOf: ({ contents = [] }) => (contents.at(-1)?.role === 'model' ? contents.at(-1)!.parts.map(({ text }) => text).join('') : ''),
  piece: (text) => JSON.stringify({ candidates: [{ content: { role: 'model', parts: [{ text }] }, index: 0 }] }),
  end: (finish, usage) => {
    const usageMetadata = usage === null ? {} : { usageMetadata: { promptTokenCount: usage.input, candidatesTokenCount: usage.output, totalTokenCount: usage.input + usage.output, cachedContentTokenCount: usage.cached } };
    return finish === null && usage === null ? [] : [JSON.stringify({ candidates: [{ content: { role: 'model', parts: [{ text: '' }] }, ...(finish === null ? {} : { finishReason: GOOGLE_FINISH[finish] }), index: 0 }], ...usageMetadata })];
  },
  error: (status, message) => JSON.stringify({ error: { code: status, message, status: 'SOME_STATUS', details: status === 429 ? [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '17s' }] : [] } }),
};
