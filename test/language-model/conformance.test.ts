import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { FakeModelServer, type FakeAnswer } from '../support/fake-model-server.js';
import { failureOf, modelFor, NEVER, request, streamed, TEXT } from './model-bench.js';

const SKILLS = z.object({ skills: z.array(z.string()).max(3), years: z.int().min(0).max(60) });
const VALUE = { skills: ['SQL', 'Kotlin'], years: 7 };
const { rules: _, ...PLAIN } = request();

describe.each(['rules', 'openai-compatible', 'google'] as const)('the language model %s', (provider) => {
  const server = new FakeModelServer();
  const answers = (...list: FakeAnswer[]): void => void server.answers.splice(0, Infinity, ...list);

  beforeAll(() => server.start());
  beforeEach(() => void server.received.splice(0));
  afterAll(() => server.stop());

  it('tells what it is', () => {
    expect(modelFor(provider, server).describe()).toEqual({ provider, model: provider === 'rules' ? 'rules' : 'gpt-5-mini', deterministic: provider === 'rules' });
  });

  it('streams a text in pieces', async () => {
    answers({ text: TEXT });
    const { answer, pieces } = await streamed(modelFor(provider, server), request());
    expect(pieces.length).toBeGreaterThan(5);
    expect(pieces.join('')).toBe(TEXT);
    expect(answer).toMatchObject({ text: TEXT, finishReason: 'stop', model: modelFor(provider, server).describe().model });
  });

  it('goes on from a prefill', async () => {
    const prefill = TEXT.slice(0, 21);
    answers({ text: TEXT });
    const { answer, pieces } = await streamed(modelFor(provider, server), request({ prefill }));
    expect(prefill + answer.text).toBe(TEXT);
    expect(pieces.join('')).toBe(answer.text);
  });

  it('says what it has used', async () => {
    answers({ text: TEXT, usage: { input: 1_000, cached: 400, output: 500 } });
    const { answer } = await streamed(modelFor(provider, server), request());
    if (provider === 'rules') expect(answer).toMatchObject({ usage: { input: 0, cachedInput: 0, output: 0, estimated: false }, costUsd: 0 });
    else {
      expect(answer.usage).toEqual({ input: 1_000, cachedInput: 400, output: 500, estimated: false });
      expect(answer.costUsd).toBeCloseTo((600 * 0.25 + 400 * 0.025 + 500 * 2) / 1e6, 12);
    }
  });

  it('fills in an object', async () => {
    answers({ text: JSON.stringify(VALUE) });
    const answer = await modelFor(provider, server).object({ ...PLAIN, rules: () => VALUE }, SKILLS, NEVER);
    expect(answer.value).toEqual(VALUE);
  });

  it('waits for the reader of its pieces', async () => {
    answers({ text: TEXT });
    let [open, most] = [0, 0];
    await modelFor(provider, server).stream(request(), async () => {
      most = Math.max(most, ++open);
      await new Promise((done) => setImmediate(done));
      open--;
    }, NEVER);
    expect(most).toBe(1);
  });

  it('ends when its reader fails', async () => {
    answers({ text: TEXT, between: 20 }, { text: TEXT });
    const lost = new Error('the fence is lost');
    let pieces = 0;
    await expect(modelFor(provider, server).stream(request(), () => {
      if (++pieces === 2) throw lost;
    }, NEVER)).rejects.toBe(lost);
    expect(pieces).toBe(2);
    expect(server.received.length).toBeLessThanOrEqual(1);
  });

  it('stops when it is no longer wanted', async () => {
    answers({ text: TEXT, between: 20 }, { text: TEXT });
    const abort = new AbortController();
    const pieces: string[] = [];
    const error = await failureOf(modelFor(provider, server).stream(request(), (piece) => {
      if (pieces.push(piece) === 2) abort.abort();
    }, abort.signal));
    expect(error).toMatchObject({ code: 'MODEL_ABORTED', retryable: true, text: pieces.join('') });
    expect(pieces).toHaveLength(2);
  });

  it('does not begin for a gone caller', async () => {
    answers({ text: TEXT });
    expect(await failureOf(streamed(modelFor(provider, server), request(), AbortSignal.abort()))).toMatchObject({ code: 'MODEL_ABORTED', text: '', cost: provider === 'rules' ? expect.anything() : null });
  });

  it.each([
    [{ prompt: ' ' }], [{ prompt: 'a'.repeat(1_000_001) }], [{ maxOutputTokens: 0 }], [{ maxOutputTokens: 1.5 }], [{ maxOutputTokens: 200_000 }], [{ timeLimit: 0 }], [{ timeLimit: NaN }],
  ])('refuses an impossible request', async (wrong) => {
    expect(await failureOf(streamed(modelFor(provider, server), request(wrong)))).toMatchObject({ code: 'INVALID_MODEL_REQUEST', retryable: false });
    expect(server.received).toEqual([]);
  });
});

describe('the rules', () => {
  const rules = modelFor('rules', new FakeModelServer());

  it('refuse to go on from another text', async () => {
    expect(await failureOf(streamed(rules, request({ prefill: 'Something else' })))).toMatchObject({ code: 'MODEL_CANNOT_CONTINUE', retryable: false });
  });

  it('are checked by the schema too', async () => {
    await expect(rules.object({ ...PLAIN, rules: () => ({ skills: [], years: 61 }) }, SKILLS, NEVER)).rejects.toThrow(z.ZodError);
  });
});
