import { invalidInput } from '../../common/errors.js';

const SHORTEST = 12;
const LONGEST = 200;
/** What has to be left of a password without the parts that everybody uses. */
const LEAST_OF_ITS_OWN = 6;

/**
 * Of the ten thousand passwords that are used most, a few dozen have twelve characters, and those are these words with digits
 * or each other. So the words are looked for instead of the passwords: a list of those would let "password1235" through.
 */
const WORDS = [
  'password', 'passwort', 'passwd', 'pass', 'word', 'kennwort', 'motdepasse', 'contrasena', 'senha', 'secret', 'geheim', 'changeme', 'letmein', 'welcome', 'willkommen', 'hello', 'hallo',
  'iloveyou', 'love', 'admin', 'administrator', 'root', 'user', 'login', 'test', 'temp', 'default', 'guest', 'master', 'trustno', 'correct', 'horse', 'battery', 'staple',
  'dragon', 'monkey', 'princess', 'sunshine', 'football', 'baseball', 'basketball', 'superman', 'batman', 'starwars', 'pokemon', 'shadow', 'michael', 'jordan', 'charlie', 'computer',
  'internet', 'samsung', 'google', 'facebook', 'whatever', 'freedom', 'ninja', 'mustang', 'liverpool', 'chelsea', 'arsenal', 'barcelona', 'juventus',
  'spring', 'summer', 'autumn', 'winter', 'sommer', 'herbst', 'january', 'february', 'april', 'august', 'september', 'october', 'november', 'december',
  'monday', 'friday', 'sunday', 'company', 'recruiting', 'recruiter', 'hiring', 'perch',
] as const;
const COMMON = new RegExp([...WORDS].sort((a, b) => b.length - a.length).join('|'), 'g');
const ROWS = ['abcdefghijklmnopqrstuvwxyz', '01234567890', 'qwertyuiop', 'qwertzuiop', 'azertyuiop', 'asdfghjkl', 'qsdfghjklm', 'yxcvbnm', 'zxcvbnm', '1q2w3e4r5t6z7u8i9o0p', '1q2w3e4r5t6y7u8i9o0p', '1qaz2wsx3edc4rfv5tgb'];
const SEQUENCES = ROWS.flatMap((row) => [row, [...row].reverse().join('')]);
const SHORTEST_SEQUENCE = 3;
const LOOKALIKES: Readonly<Record<string, string>> = { 0: 'o', 1: 'i', 3: 'e', 4: 'a', 5: 's', 7: 't', '@': 'a', $: 's', '!': 'i' };

/** The text without runs along the alphabet, the digits or the rows of a keyboard. */
function withoutSequences(text: string): string {
  let rest = '';
  for (let at = 0; at < text.length;) {
    let length = SHORTEST_SEQUENCE;
    while (at + length <= text.length && SEQUENCES.some((sequence) => sequence.includes(text.slice(at, at + length)))) length += 1;
    if (length > SHORTEST_SEQUENCE) at += length - 1;
    else rest += text[at++]!;
  }
  return rest;
}

/** What is left of a password once everything that others use too is taken out of it. */
function ownPart(password: string): string {
  const once = password.toLowerCase().replace(/^(.+?)\1+$/, '$1').replace(/(.)\1{2,}/g, '');
  const plain = withoutSequences(once.replace(/(19|20)\d\d/g, ''));
  return plain.replace(/[013457@$!]/g, (sign) => LOOKALIKES[sign]!).replace(COMMON, '');
}

/** Throws INVALID_INPUT for a password that is short, long, made of what everybody uses, or of the person's own address. */
export function refuseWeakPassword(password: string, email: string, field = 'password'): void {
  const [length, address] = [[...password].length, email.toLowerCase()];
  if (length < SHORTEST) throw invalidInput(`The password needs at least ${SHORTEST} characters. Four words that do not belong together are easy to remember.`, field);
  if (length > LONGEST) throw invalidInput(`The password may have at most ${LONGEST} characters.`, field);
  const folded = password.toLowerCase();
  const name = address.split('@')[0]!;
  if (folded.includes(address) || folded.replaceAll(name, '').length < LEAST_OF_ITS_OWN) throw invalidInput('Your e-mail address is no password. Take something that nobody knows of you.', field);
  if (new Set(folded).size < 5 || ownPart(password).length < LEAST_OF_ITS_OWN) throw invalidInput('This password is one of those that are tried first. Take something that only you would think of.', field);
}
