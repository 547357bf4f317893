import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { LanguageModel } from '../../src/infrastructure/language-model/language-model.js';
import { eventually } from '../support/eventually.js';
import { FakeModelServer, type FakeAnswer } from '../support/fake-model-server.js';
import { failureOf, modelFor, NEVER, request, streamed, TEXT } from './model-bench.js';

const SLOW = 60_000;

describe('the patience with a model', () => {
  const server = new FakeModelServer();
  const answers = (...list: FakeAnswer[]): void => void server.answers.splice(0, Infinity, ...list);
  const hungUp = (): Promise<unknown> => eventually('the call was hung up', async () => server.received[0]!.hungUp || null);
  let model: LanguageModel;

  beforeAll(async () => {
    await server.start();
    model = modelFor('openai-compatible', server, { first: 2_000, between: 800 });
  });
  beforeEach(() => void server.received.splice(0));
  afterAll(() => server.stop());

  it('ends before a first piece', async () => {
    answers({ text: TEXT, first: SLOW }, { text: TEXT });
    expect((await streamed(model, request())).answer.text).toBe(TEXT);
    await hungUp();
  });

  it('is longer before a first piece', async () => {
    answers({ text: TEXT, first: 1_200 }, { text: TEXT });
    expect((await streamed(model, request())).answer.text).toBe(TEXT);
    expect(server.received).toHaveLength(1);
  });

  it('ends between two pieces', async () => {
    answers({ text: TEXT, between: SLOW }, { text: TEXT });
    const begun = performance.now();
    expect(await failureOf(streamed(model, request()))).toMatchObject({ code: 'MODEL_TOO_SLOW', retryable: true, text: TEXT.slice(0, 6) });
    expect(performance.now() - begun).toBeLessThan(10_000);
    await hungUp();
    expect(server.received).toHaveLength(1);
  });

  it('does not count a slow reader', async () => {
    answers({ text: 'one two three' });
    const answer = await model.stream(request(), () => new Promise((done) => setTimeout(done, 1_000)), NEVER);
    expect(answer.text).toBe('one two three');
  });

  it('ends with the time of the caller', async () => {
    answers({ text: TEXT.repeat(100), between: 50 });
    const begun = performance.now();
    const error = await failureOf(streamed(model, request({ timeLimit: 1_500, maxOutputTokens: 1_000 })));
    expect(error.code).toBe('MODEL_TOO_SLOW');
    expect(error.text.length).toBeGreaterThan(6);
    expect(performance.now() - begun).toBeLessThan(5_000);
    await hungUp();
  });

  it('ends at once with an abort', async () => {
    answers({ text: TEXT, first: SLOW });
    const abort = new AbortController();
    const failure = failureOf(streamed(modelFor('openai-compatible', server), request(), abort.signal));
    await eventually('the call has arrived', async () => server.received[0] ?? null);
    abort.abort();
    expect(await failure).toMatchObject({ code: 'MODEL_ABORTED', text: '' });
    await hungUp();
  });

  it('ends during a wait with an abort', async () => {
    answers({ status: 429, headers: { 'retry-after': '8' } }, { text: TEXT });
    const abort = new AbortController();
    const begun = performance.now();
    const failure = failureOf(streamed(model, request(), abort.signal));
    await eventually('the call has arrived', async () => server.received[0] ?? null);
    abort.abort();
    expect(await failure).toMatchObject({ code: 'MODEL_ABORTED' });
    expect(performance.now() - begun).toBeLessThan(5_000);
  });
});
