import { describe, expect, it } from '@jest/globals';
import { DomainError } from '../../src/common/errors.js';
import { isId, newId } from '../../src/common/ids.js';
import { canonicalJson } from '../../src/common/json.js';
import { decodeCursor, encodeCursor, pageSize } from '../../src/common/pagination.js';
import { redact, redactText } from '../../src/common/redact.js';
import { readClaims, signClaims } from '../../src/common/signed-claims.js';
import { formatToken, newSecret, parseToken, sameSecret } from '../../src/common/secrets.js';
import { parseInput, shortText } from '../../src/common/validation.js';

const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return error instanceof DomainError ? error.code : String(error);
  }
  return 'none';
};

describe('kernel', () => {
  it('makes ids that sort by time', () => {
    const ids = Array.from({ length: 200 }, newId);
    expect(ids.every(isId)).toBe(true);
    expect(new Set(ids).size).toBe(200);
    expect(isId('x')).toBe(false);
  });

  it('writes equal values as equal text', () => {
    expect(canonicalJson({ b: [1, { d: 1, c: null }], a: undefined })).toBe('{"b":[1,{"c":null,"d":1}]}');
  });

  it('reads its own cursors only', () => {
    const position = { sort: 'newest', value: '2026', id: 'a' };
    expect(decodeCursor(encodeCursor(position), 'newest')).toEqual(position);
    expect(codeOf(() => decodeCursor(encodeCursor(position), 'title'))).toBe('INVALID_INPUT');
    expect(codeOf(() => decodeCursor('%%%', 'newest'))).toBe('INVALID_INPUT');
    expect(codeOf(() => decodeCursor('x'.repeat(2_001), 'newest'))).toBe('INVALID_INPUT');
  });

  it('bounds the page size', () => {
    expect([pageSize(undefined), pageSize(200)]).toEqual([50, 200]);
    expect([0, 201, 1.5].map((first) => codeOf(() => pageSize(first)))).toEqual(['INVALID_INPUT', 'INVALID_INPUT', 'INVALID_INPUT']);
  });

  it('hides secrets in logs', () => {
    expect(redact({ password: 'a', nested: [{ apiKey: 'b', name: 'c' }] })).toEqual({ password: '[hidden]', nested: [{ apiKey: '[hidden]', name: 'c' }] });
    expect(redactText('postgres://me:hunter22@host/db Bearer abcdefghijk')).toBe('postgres://me:[hidden]@host/db Bearer [hidden]');
  });

  it('carries the workspace in tokens', () => {
    const workspaceId = newId();
    const secret = newSecret();
    expect(parseToken(formatToken('session', workspaceId, secret))).toEqual({ prefix: 'session', workspaceId, secret });
    expect(parseToken('session_x_y')).toBeNull();
    expect([sameSecret('a', 'a'), sameSecret('a', 'b'), sameSecret('a', 'aa')]).toEqual([true, false, false]);
  });

  it('refuses text that cannot be stored', () => {
    expect(parseInput(shortText, ' a ')).toBe('a');
    expect(['', 'x'.repeat(301), 'a\u0000b', 'a\ud800b'].map((text) => codeOf(() => parseInput(shortText, text)))).toEqual(Array(4).fill('INVALID_INPUT'));
  });
});

describe('signed claims', () => {
  const token = signClaims('a secret', 'a purpose', { size: 1 });

  it('are read under their secret and purpose', () => {
    expect(readClaims('a secret', 'a purpose', token)).toEqual({ size: 1 });
    expect(readClaims('a secret', 'another purpose', token)).toBeNull();
    expect(readClaims('another secret', 'a purpose', token)).toBeNull();
  });

  it('cannot be changed', () => {
    const forged = Buffer.from('{"size":2}').toString('base64url');
    for (const text of ['', 'x', `${forged}.${token.split('.')[1]!}`, `${token}.`, `${token}.x`]) expect(readClaims('a secret', 'a purpose', text)).toBeNull();
  });
});
