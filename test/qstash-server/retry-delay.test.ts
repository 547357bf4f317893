import { describe, expect, it } from '@jest/globals';
import { evaluateRetryDelay } from '../../src/qstash-server/retry-delay.js';

describe('a retry-delay expression', () => {
  it.each<readonly [string, number, number]>([
    ['1000', 0, 1_000], ['1000 * (1 + retried)', 3, 4_000], ['pow(2, retried) * 1000', 4, 16_000], ['max(1000, pow(2, retried) * 100)', 0, 1_000], ['min(5, 3, 9)', 0, 3],
    ['2 + 3 * 4 - 6 / 2', 0, 11], ['-5 + 6', 0, 1], ['floor(2.9) + ceil(2.1) + round(2.5) + abs(-2) + sqrt(9)', 0, 13], ['exp(0)', 0, 1], ['1e3', 0, 1_000], ['.5 * 10', 0, 5],
    ['-100', 0, 0], ['1 / 0', 0, 86_400_000], ['0 / 0', 0, 0], ['pow(10, 100)', 0, 86_400_000],
  ])('%s after %i retries is %i', (expression, retried, wait) => {
    expect(evaluateRetryDelay(expression, retried)).toBe(wait);
  });

  it.each(['', '1 +', '(1', 'pow(1)', 'sqrt(1, 2)', 'process', 'constructor(1)', '1 1', 'retried.constructor', '"a"', '1;2', '('.repeat(100)])('refuses %s', (expression) => {
    expect(() => evaluateRetryDelay(expression, 0)).toThrow(SyntaxError);
  });
});
