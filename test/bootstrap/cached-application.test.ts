import { describe, expect, it } from '@jest/globals';
import { cachePromise } from '../../src/bootstrap/cached-application.js';

describe('the cached application', () => {
  it('is built once by concurrent cold requests', async () => {
    let built = 0;
    const cached = cachePromise(async () => ++built);
    expect(await Promise.all([cached(), cached(), cached()])).toEqual([1, 1, 1]);
    expect(await cached()).toBe(1);
  });

  it('is built again after a failure', async () => {
    let tries = 0;
    const cached = cachePromise(async () => {
      tries += 1;
      if (tries === 1) throw new Error('the database was down');
      return tries;
    });
    await expect(Promise.all([cached(), cached()])).rejects.toThrow('the database was down');
    expect(await cached()).toBe(2);
    expect(tries).toBe(2);
  });
});
