import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { DomainError } from '../../src/common/errors.js';
import { newId } from '../../src/common/ids.js';
import { derivedSealingKey, SecretBox, type SealPlace } from '../../src/common/secret-box.js';

const place: SealPlace = { workspaceId: newId(), field: 'webhook.secret' };
const [old, fresh] = [randomBytes(32), randomBytes(32)];

const problemOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return error instanceof DomainError ? error.publicMessage : String(error);
  }
  return 'none';
};

describe('secret box', () => {
  it('opens what it sealed', () => {
    const box = new SecretBox([fresh]);
    for (const secret of ['', 'whsec_1', 'ключ 🔑', 'x'.repeat(10_000)]) expect(box.open(box.seal(secret, place), place)).toBe(secret);
    expect(box.seal('a', place)).not.toBe(box.seal('a', place));
    expect(box.seal('whsec_plain', place)).not.toContain('plain');
  });

  it('opens for the same place only', () => {
    const box = new SecretBox([fresh]);
    const sealed = box.seal('a', place);
    for (const other of [{ ...place, workspaceId: newId() }, { ...place, workspaceId: null }, { ...place, field: 'webhook.secre' }]) {
      expect(problemOf(() => box.open(sealed, other))).toBe('A stored secret was changed, or belongs to another place.');
    }
  });

  it('notices every changed byte', () => {
    const box = new SecretBox([fresh]);
    const sealed = box.seal('abc', place);
    const [version, id, text] = sealed.split('.') as [string, string, string];
    const bytes = Buffer.from(text, 'base64url');
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at]! ^= 1;
      expect(problemOf(() => box.open(`${version}.${id}.${changed.toString('base64url')}`, place))).toBe('A stored secret was changed, or belongs to another place.');
    }
    expect(problemOf(() => box.open(`${version}.${id}.AAAA`, place))).toBe('A stored secret is not complete.');
    expect(problemOf(() => box.open('abc', place))).toBe('A stored secret is not in a known form.');
  });

  it('reads older keys and seals with the newest', () => {
    const sealed = new SecretBox([old]).seal('a', place);
    const both = new SecretBox([fresh, old]);
    expect(both.open(sealed, place)).toBe('a');
    const resealed = both.seal('a', place);
    expect(resealed.startsWith(both.currentPrefix)).toBe(true);
    expect(new SecretBox([fresh]).open(resealed, place)).toBe('a');
    expect(problemOf(() => new SecretBox([fresh]).open(sealed, place))).toMatch(/sealed with the key [0-9a-f]{16}, which PERCH_SEALING_KEY no longer holds/);
  });

  it('makes a key from the secret', () => {
    const box = new SecretBox([derivedSealingKey('a secret of Perch')]);
    expect(new SecretBox([fresh, derivedSealingKey('a secret of Perch')]).open(box.seal('a', place), place)).toBe('a');
    expect(problemOf(() => new SecretBox([derivedSealingKey('another')]).open(box.seal('a', place), place))).toMatch(/no longer holds/);
  });

  it('seals nothing without a key', () => {
    expect(problemOf(() => new SecretBox([]).seal('a', place))).toMatch(/PERCH_SEALING_KEY is missing/);
  });
});
