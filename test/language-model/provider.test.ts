import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { LanguageModel } from '../../src/infrastructure/language-model/language-model.js';
import { eventually } from '../support/eventually.js';
import { FakeModelServer, type FakeAnswer } from '../support/fake-model-server.js';
import { failureOf, KEY, modelFor, NEVER, request, streamed, TEXT } from './model-bench.js';

const NUMBER = z.object({ years: z.int().min(0).max(60) });
const ASKED = { system: '', prompt: 'How many years?', maxOutputTokens: 50, timeLimit: 20_000, rules: () => ({ years: 1 }) };

describe('a provider', () => {
  const server = new FakeModelServer();
  const answers = (...list: FakeAnswer[]): void => void server.answers.splice(0, Infinity, ...list);
  let model: LanguageModel;
  let google: LanguageModel;

  beforeAll(async () => {
    await server.start();
    [model, google] = [modelFor('openai-compatible', server), modelFor('google', server)];
  });
  beforeEach(() => void server.received.splice(0));
  afterAll(() => server.stop());

  it('gets the request as it was asked', async () => {
    answers({ text: TEXT }, { text: TEXT });
    await streamed(model, request({ prefill: 'Led a \n' }));
    expect(server.received[0]).toMatchObject({
      path: '/v1/chat/completions', headers: { authorization: `Bearer ${KEY}` },
      body: { model: 'gpt-5-mini', max_tokens: 200, stream_options: { include_usage: true }, messages: [{ role: 'system', content: 'You are terse.' }, { role: 'user', content: 'Improve this.' }, { role: 'assistant', content: 'Led a' }] },
    });
    await streamed(google, request({ prefill: 'Led' }));
    expect(server.received[1]).toMatchObject({
      path: '/v1/models/gpt-5-mini:streamGenerateContent?alt=sse', headers: { 'x-goog-api-key': KEY },
      body: { generationConfig: { maxOutputTokens: 200 }, systemInstruction: { parts: [{ text: 'You are terse.' }] }, contents: [{ role: 'user' }, { role: 'model', parts: [{ text: 'Led' }] }] },
    });
  });

  it('that is busy is asked again later', async () => {
    answers({ status: 429, headers: { 'retry-after': '1' } }, { text: TEXT });
    const { answer } = await streamed(model, request());
    expect(answer.text).toBe(TEXT);
    expect(server.received[1]!.at - server.received[0]!.at).toBeGreaterThanOrEqual(990);
  });

  it('that asks for too much time is left alone', async () => {
    answers({ status: 429, headers: { 'retry-after': '5' } }, { status: 429, headers: { 'retry-after': '40' } }, { status: 429 });
    expect(await failureOf(streamed(model, request({ timeLimit: 4_000 })))).toMatchObject({ code: 'MODEL_BUSY', retryable: true, retryAfterMs: 5_000, cost: null });
    expect(await failureOf(streamed(model, request({ timeLimit: 600_000 })))).toMatchObject({ code: 'MODEL_BUSY', retryAfterMs: 40_000 });
    expect(await failureOf(streamed(google, request({ timeLimit: 600_000 })))).toMatchObject({ code: 'MODEL_BUSY', retryAfterMs: 17_000 });
    expect(server.received).toHaveLength(3);
  });

  it.each([[{ status: 500 }], [{ status: 503 }], ['drop']] as const)('that fails with %p is asked again', async (failure) => {
    answers(failure, { text: TEXT });
    expect((await streamed(model, request())).answer.text).toBe(TEXT);
    expect(server.received).toHaveLength(2);
  });

  it('that stays away is given up', async () => {
    answers({ status: 500 }, { status: 502 }, 'drop', { text: TEXT });
    expect(await failureOf(streamed(model, request()))).toMatchObject({ code: 'MODEL_UNAVAILABLE', retryable: true, retryAfterMs: null, text: '' });
    expect(server.received).toHaveLength(3);
  });

  it.each([
    [401, 'MODEL_SETUP', true], [404, 'MODEL_SETUP', true], [400, 'MODEL_REQUEST_REFUSED', false], [413, 'MODEL_REQUEST_REFUSED', false],
  ])('that answers %i is not asked again', async (status, code, retryable) => {
    answers({ status, message: `Wrong key ${KEY}, Bearer abcdefghijklmnop` }, { text: TEXT });
    const error = await failureOf(streamed(model, request()));
    expect(error).toMatchObject({ code, retryable });
    expect(error.publicMessage).toContain(`(${status}): Wrong key [hidden], Bearer [hidden]`);
    expect(server.received).toHaveLength(1);
  });

  it('without money is a matter of setup', async () => {
    answers({ status: 429, code: 'insufficient_quota' });
    expect(await failureOf(streamed(model, request()))).toMatchObject({ code: 'MODEL_SETUP' });
  });

  it('is never shown in full by its failures', async () => {
    for (const failure of [{ status: 401, message: KEY }, { status: 400, message: KEY.repeat(20) }, { lines: ['{"error": {"message": "no"}}'] }] as const) {
      answers(failure);
      const error = await failureOf(streamed(model, request({ timeLimit: 1_100, prompt: 'Secret of a candidate' })));
      const shown = JSON.stringify(error, Object.getOwnPropertyNames(error)) + error.stack + JSON.stringify(model.describe());
      expect(shown).not.toContain(KEY);
      expect(shown).not.toContain('Secret of a candidate');
      expect(error.cause).toBeUndefined();
    }
  });

  it('may not send us elsewhere', async () => {
    answers({ status: 307, headers: { location: `${server.baseUrl}/chat/completions` } }, { text: TEXT });
    expect(await failureOf(streamed(model, request({ timeLimit: 1_100 })))).toMatchObject({ code: 'MODEL_UNAVAILABLE' });
    expect(server.received).toHaveLength(1);
  });

  it('that is cut off keeps its text', async () => {
    for (const [provider, cut] of [[model, { cutAfter: 4 }], [google, { cutAfter: 4 }], [model, { finish: null }], [google, { finish: null }]] as const) {
      answers({ text: TEXT, ...cut }, { text: TEXT });
      const pieces: string[] = [];
      const error = await failureOf(provider.stream(request(), (piece) => void pieces.push(piece), NEVER));
      expect(error).toMatchObject({ code: 'MODEL_STREAM_CUT', retryable: true, text: pieces.join('') });
      expect(TEXT.startsWith(error.text)).toBe(true);
      expect(error.text.length).toBeGreaterThan(20);
      expect(error.cost!.usage.input).toBeGreaterThan(0);
    }
    expect(server.received).toHaveLength(4);
  });

  it('can be continued after a cut', async () => {
    answers({ text: TEXT, cutAfter: 4 }, { text: TEXT });
    const { text: prefill } = await failureOf(streamed(model, request()));
    expect(prefill + (await streamed(model, request({ prefill }))).answer.text).toBe(TEXT);
  });

  it('that is cut before its text begins again', async () => {
    answers({ text: TEXT, cutAfter: 0 }, { text: '', finish: null }, { text: TEXT });
    expect((await streamed(model, request())).answer.text).toBe(TEXT);
    expect(server.received).toHaveLength(3);
  });

  it('that repeats the prefill is not repeated', async () => {
    answers({ text: TEXT, echo: true });
    const prefill = TEXT.slice(0, 30);
    expect(prefill + (await streamed(model, request({ prefill }))).answer.text).toBe(TEXT);
  });

  it.each([['length', 'length'], ['content-filter', 'content-filter']] as const)('may end by %s', async (finish, finishReason) => {
    answers({ text: TEXT, finish }, { text: TEXT, finish });
    expect((await streamed(model, request())).answer).toMatchObject({ text: TEXT, finishReason });
    expect((await streamed(google, request())).answer).toMatchObject({ text: TEXT, finishReason });
  });

  it('that does not count is estimated', async () => {
    answers({ text: TEXT, usage: null }, { text: TEXT });
    const { answer } = await streamed(model, request());
    expect(answer.usage).toEqual({ input: 7, cachedInput: 0, output: Math.ceil(TEXT.length / 4), estimated: true });
    expect((await streamed(modelFor('openai-compatible', server, undefined, 'of-my-own'), request())).answer).toMatchObject({ costUsd: null, usage: { estimated: false } });
  });

  it('that never ends is cut', async () => {
    answers({ text: 'word '.repeat(100) });
    expect(await failureOf(streamed(model, request({ maxOutputTokens: 2 })))).toMatchObject({ code: 'MODEL_ANSWER_TOO_LONG', retryable: false });
    await eventually('the call was hung up', async () => server.received[0]!.hungUp || null);
  });

  it('with a broken protocol is unavailable', async () => {
    answers({ lines: ['{"choices": [{'] }, { lines: ['{"error": {"message": "overloaded", "code": 529}}'] }, { lines: ['<html>'] });
    expect(await failureOf(streamed(model, request()))).toMatchObject({ code: 'MODEL_UNAVAILABLE', retryable: true });
    expect(server.received).toHaveLength(3);
  });

  describe('asked for an object', () => {
    it('is told the schema', async () => {
      answers({ text: '```json\n{"years": 3}\n```' }, { text: '{"years": 3}' });
      expect(await model.object(ASKED, NUMBER, NEVER)).toMatchObject({ value: { years: 3 } });
      expect(server.received[0]!.body).toMatchObject({ response_format: { type: 'json_object' }, messages: [{ role: 'system', content: expect.stringContaining('"maximum":60') }, { role: 'user' }] });
      await google.object(ASKED, NUMBER, NEVER);
      expect(server.received[1]!.body).toMatchObject({ generationConfig: { responseMimeType: 'application/json' } });
    });

    it('is told once what is wrong', async () => {
      answers({ text: '{"years": 99}' }, { text: '{"years": 9}' });
      const answer = await model.object(ASKED, NUMBER, NEVER);
      expect(answer).toMatchObject({ value: { years: 9 }, usage: { input: 24, cachedInput: 8, output: 14 } });
      expect(server.received[1]!.body.messages!.slice(2)).toEqual([{ role: 'assistant', content: '{"years": 99}' }, { role: 'user', content: expect.stringContaining('"years" is wrong') }]);
    });

    it.each(['Sure! {"years": 3}', '{"years": "three"}', '{"years": 61}', '[]', '', '{"years": 3'])('is refused for %p', async (text) => {
      answers({ text }, { text });
      expect(await failureOf(model.object(ASKED, NUMBER, NEVER))).toMatchObject({ code: 'MODEL_ANSWER_INVALID', retryable: false, text, cost: { usage: { input: 24 } } });
      expect(server.received).toHaveLength(2);
    });

    it('is refused for half an answer', async () => {
      answers({ text: '{"years"', finish: 'length' }, { text: '', finish: 'content-filter' });
      expect(await failureOf(model.object(ASKED, NUMBER, NEVER))).toMatchObject({ code: 'MODEL_ANSWER_TOO_LONG', cost: { usage: { output: 7 } } });
      expect(await failureOf(model.object(ASKED, NUMBER, NEVER))).toMatchObject({ code: 'MODEL_ANSWER_REFUSED' });
    });

    it('is asked again after a cut', async () => {
      answers({ text: '{"years": 3}', cutAfter: 1 }, { status: 500 }, { text: '{"years": 3}' });
      expect(await model.object(ASKED, NUMBER, NEVER)).toMatchObject({ value: { years: 3 } });
    });
  });
});
