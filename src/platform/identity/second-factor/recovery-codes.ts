import { randomBytes } from 'node:crypto';
import { sha256 } from '../../../common/secrets.js';

const COUNT = 10;
/** Crockford's base32 has no letters that are taken for others. */
const LETTERS = '0123456789abcdefghjkmnpqrstvwxyz';
const LENGTH = 16;

/** Ten codes of 80 bits, which is beyond guessing even for who holds their hashes: `7hq2-m0zc-...`. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: COUNT }, () => {
    const letters = Array.from(randomBytes(LENGTH), (byte) => LETTERS[byte % LETTERS.length]!).join('');
    return letters.match(/.{4}/g)!.join('-');
  });
}

/** The hash of a code, however somebody has typed it from paper. */
export function recoveryCodeHash(typed: string): Buffer {
  return sha256(typed.toLowerCase().replace(/[\s-]/g, '').replaceAll('o', '0').replace(/[il]/g, '1'));
}
