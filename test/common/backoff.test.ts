import { describe, expect, it } from '@jest/globals';
import { backoffDelay, DEFAULT_BACKOFF } from '../../src/common/backoff.js';

describe('the wait after a failure', () => {
  const waits = (backoff: Parameters<typeof backoffDelay>[0], random = 0): number[] => [0, 1, 2, 3, 4, 5].map((attempt) => backoffDelay(backoff, attempt, random));

  it('grows up to a cap', () => {
    expect(waits({ base: 100, factor: 2, cap: 500, jitter: 0 })).toEqual([100, 100, 200, 400, 500, 500]);
    expect(waits(DEFAULT_BACKOFF).slice(1, 4)).toEqual([5_000, 15_000, 45_000]);
  });

  it('is shortened by chance', () => {
    expect(waits({ base: 100, factor: 2, cap: 500, jitter: 0.2 }, 0.5)).toEqual([90, 90, 180, 360, 450, 450]);
  });

  it('is read from a list, where there is one', () => {
    const listed = { ...DEFAULT_BACKOFF, jitter: 0.1, delays: [0, 5_000, 300_000] };
    expect(waits(listed)).toEqual([0, 0, 5_000, 300_000, 300_000, 300_000]);
    expect(backoffDelay(listed, 2, 1)).toBe(4_500);
  });
});
