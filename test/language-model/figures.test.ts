import { describe, expect, it } from '@jest/globals';
import { Continuation } from '../../src/infrastructure/language-model/continuation.js';
import { LanguageModelError } from '../../src/infrastructure/language-model/language-model-error.js';
import { costOf, priceOf } from '../../src/infrastructure/language-model/model-price.js';
import { addCosts, estimateTokens, NO_COST, type ModelCost } from '../../src/infrastructure/language-model/model-usage.js';
import { retryAfter } from '../../src/infrastructure/language-model/retry-after.js';

const cost = (input: number, costUsd: number | null, estimated = false): ModelCost => ({ usage: { input, cachedInput: 1, output: 2, estimated }, costUsd });

describe('what a model costs', () => {
  it('is known by its name', () => {
    expect(priceOf('gpt-5-mini')).toEqual({ input: 0.25, cachedInput: 0.025, output: 2 });
    expect(priceOf('vendor/gpt-5-mini-2025-08-07')).toEqual(priceOf('gpt-5-mini'));
    for (const unknown of ['gpt-5-miniature', 'gpt', '', 'constructor', '__proto__']) expect(priceOf(unknown)).toBeNull();
  });

  it('is never made up', () => {
    const usage = { input: 1_000_000, cachedInput: 500_000, output: 100_000, estimated: false };
    expect(costOf(usage, { input: 2, cachedInput: 0.5, output: 10 })).toBeCloseTo(1 + 0.25 + 1, 12);
    expect(costOf(usage, null)).toBeNull();
  });

  it('adds up', () => {
    expect(addCosts([])).toEqual(NO_COST);
    expect(addCosts([cost(10, 0.5), cost(20, 0.25)])).toEqual({ usage: { input: 30, cachedInput: 2, output: 4, estimated: false }, costUsd: 0.75 });
    expect(addCosts([cost(10, 0.5, true), cost(20, null)])).toMatchObject({ usage: { estimated: true }, costUsd: null });
  });

  it('is guessed from bytes', () => {
    expect(['', 'a', 'abcd', 'abcde', '履歴書'].map(estimateTokens)).toEqual([0, 1, 1, 2, 3]);
  });
});

describe('a wait', () => {
  const NOW = Date.parse('2026-01-31T12:00:00Z');

  it.each([
    [{ 'retry-after': '7' }, '', 7_000], [{ 'retry-after': '0.5' }, '', 500], [{ 'retry-after-ms': '250', 'retry-after': '7' }, '', 250], [{ 'retry-after': 'Sat, 31 Jan 2026 12:01:00 GMT' }, '', 60_000],
    [{ 'retry-after': 'Sat, 31 Jan 2026 11:00:00 GMT' }, '', 0], [{ 'retry-after': '999999999' }, '', 86_400_000], [{ 'retry-after': 'soon' }, '', null], [{ 'retry-after': '1.2.3' }, '', null],
    [{}, '', null], [{}, '{"retryDelay": "17.4s"}', 17_400], [{}, '{"retryDelay": "-17s"}', null],
  ] as const)('is read from %p and %p', (headers, body, expected) => {
    expect(retryAfter(headers, body, NOW)).toBe(expected);
  });
});

describe('a continuation', () => {
  const read = (prefill: string, ...pieces: string[]): string => {
    const continuation = new Continuation(prefill);
    return [...pieces.map((piece) => continuation.take(piece)), continuation.rest()].join('');
  };

  it('passes on what is new', () => {
    expect(read('', 'Led ', 'a team')).toBe('Led a team');
    expect(read('Led a', ' team')).toBe(' team');
    expect(read('Led a', 'L', 'ots of work')).toBe('Lots of work');
    expect(read('Led a', 'Led')).toBe('Led');
  });

  it('drops what is repeated', () => {
    expect(read('Led a', 'Le', 'd a te', 'am')).toBe(' team');
    expect(read('Led a', 'Led a')).toBe('');
    expect(read('Led a ', 'Led', ' a', ' team')).toBe('team');
  });

  it('drops blanks after blanks', () => {
    expect(read('Led a\n', ' ', '\nteam', ' of six')).toBe('team of six');
    expect(new Continuation('Led a \n').sent).toBe('Led a');
  });
});

describe('a failure', () => {
  it('keeps what is known', () => {
    const error = new LanguageModelError('MODEL_BUSY', 'Later.', { retryAfterMs: 5 }).with({ text: 'Led', cost: NO_COST });
    expect(error).toMatchObject({ code: 'MODEL_BUSY', publicMessage: 'Later.', status: 502, retryable: true, retryAfterMs: 5, text: 'Led', cost: NO_COST, name: 'LanguageModelError' });
    expect(new LanguageModelError('MODEL_ANSWER_INVALID', 'No.').retryable).toBe(false);
  });
});
