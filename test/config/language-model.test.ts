import { describe, expect, it } from '@jest/globals';
import { isLoopbackUrl } from '../../src/common/safe-url.js';
import { readEnvironment } from '../../src/config/environment.js';
import { problemsOf } from './problems-of.js';

const READY = { PERCH_MODEL_PROVIDER: 'openai-compatible', PERCH_MODEL: 'vendor/model:1', PERCH_MODEL_BASE_URL: 'https://models.example/v1', PERCH_MODEL_API_KEY: 'key' };

describe('PERCH_MODEL_PROVIDER', () => {
  it('is none at first', () => {
    expect(readEnvironment({}).languageModel).toEqual({ provider: 'rules' });
    expect(readEnvironment({ VERCEL: '' }).languageModel).toEqual({ provider: 'rules' });
  });

  it('reads every setting', () => {
    expect(readEnvironment({ ...READY, PERCH_MODEL_PRICE_INPUT: '0.25', PERCH_MODEL_PRICE_OUTPUT: '2' }).languageModel).toEqual({
      provider: 'openai-compatible', model: 'vendor/model:1', baseUrl: 'https://models.example/v1', apiKey: 'key', price: { input: 0.25, cachedInput: 0.25, output: 2 },
    });
    expect(readEnvironment({ PERCH_MODEL_PROVIDER: 'google', PERCH_MODEL: 'm', PERCH_MODEL_API_KEY: 'key' }).languageModel).toEqual({ provider: 'google', model: 'm', baseUrl: null, apiKey: 'key', price: null });
  });

  it('names all that is missing', () => {
    expect(problemsOf({ PERCH_MODEL_PROVIDER: 'openai-compatible' }).map((problem) => problem.split(' ')[0])).toEqual(['PERCH_MODEL', 'PERCH_MODEL_BASE_URL', 'PERCH_MODEL_API_KEY']);
    expect(problemsOf({ PERCH_MODEL_PROVIDER: 'google', PERCH_MODEL: 'm' })).toEqual(['PERCH_MODEL_API_KEY is missing. PERCH_MODEL_PROVIDER is google, which needs it; "rules" needs nothing.']);
  });

  it('needs no key on this machine', () => {
    const { PERCH_MODEL_API_KEY: _, ...keyless } = READY;
    for (const url of ['http://127.0.0.1:11434/v1', 'http://localhost:1/v1', 'http://[::1]:1/v1']) expect(readEnvironment({ ...keyless, PERCH_MODEL_BASE_URL: url }).languageModel).toMatchObject({ apiKey: null });
    expect(problemsOf(keyless)).toHaveLength(1);
    expect(isLoopbackUrl('no address')).toBe(false);
  });

  it.each([
    ['PERCH_MODEL_PROVIDER', 'magic'], ['PERCH_MODEL_BASE_URL', 'http://models.example/v1'], ['PERCH_MODEL_BASE_URL', 'https://key@models.example/v1'], ['PERCH_MODEL_BASE_URL', 'https://models.example/v1?key=4711'],
    ['PERCH_MODEL_BASE_URL', 'http://127.0.0.1.example/v1'], ['PERCH_MODEL', 'two words'], ['PERCH_MODEL_API_KEY', 'a\nb'], ['PERCH_MODEL_PRICE_INPUT', '-1'], ['PERCH_MODEL_PRICE_INPUT', '1e3'],
  ])('refuses %s = %p', (name, value) => {
    const problems = problemsOf({ ...READY, PERCH_MODEL_PRICE_INPUT: '1', PERCH_MODEL_PRICE_OUTPUT: '1', [name]: value });
    expect(problems).toEqual([expect.stringMatching(new RegExp(`^${name} must `))]);
    expect(problems[0]).not.toContain('4711');
  });

  it('needs both prices or none', () => {
    expect(problemsOf({ ...READY, PERCH_MODEL_PRICE_INPUT: '1' })).toEqual([expect.stringContaining('PERCH_MODEL_PRICE_OUTPUT is missing')]);
    expect(problemsOf({ ...READY, PERCH_MODEL_PRICE_OUTPUT: '1' })).toEqual([expect.stringContaining('PERCH_MODEL_PRICE_INPUT is missing')]);
  });
});
