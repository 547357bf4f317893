const DECIMAL_DIGIT = /\p{Nd}/u;

/** The ASCII digit of a digit of any script; digits of a script stand in a row of ten. */
function asciiDigit(digit: string): string {
  const code = digit.codePointAt(0)!;
  if (code < 0x80) return digit;
  let zero = code;
  while (zero > code - 9 && DECIMAL_DIGIT.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String(code - zero);
}

/** Text with one form for each character: no invisible signs, plain blanks, digits of ASCII. Letters keep their case. */
export const plainText = (text: string): string =>
  text.normalize('NFKC').replace(/[\p{Cf}\p{Cc}]/gu, (sign) => (/\s/.test(sign) ? ' ' : '')).replace(/\p{Nd}/gu, asciiDigit).replace(/[\u2018\u2019\u02BC]/g, "'").replace(/\s+/g, ' ').trim();

/** The word in small letters without accents. */
export const foldWord = (word: string): string => word.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/ß/g, 'ss');

/** A word as it stands in a text. Signs between letters part words: what is glued together by them is looked at one by one. */
export interface Word {
  readonly text: string;
  readonly folded: string;
  readonly at: number;
  /** Whether a sentence, or an item, begins with it. */
  readonly opens: boolean;
}

const WORD = /[\p{L}\p{M}\p{N}]+[+#]*/gu;

export const wordsOf = (text: string): Word[] =>
  [...text.matchAll(WORD)].map((match) => ({ text: match[0], folded: foldWord(match[0]), at: match.index, opens: /(?:^|[.!?:•\n])[^\p{L}\p{N}]*$/u.test(text.slice(0, match.index)) }));

const IRREGULAR: Readonly<Record<string, string>> = {
  led: 'lead', built: 'build', wrote: 'write', written: 'write', ran: 'run', grew: 'grow', grown: 'grow', taught: 'teach', brought: 'bring', sold: 'sell', won: 'win', drove: 'drive', driven: 'drive',
  gave: 'give', given: 'give', took: 'take', taken: 'take', made: 'make', held: 'hold', kept: 'keep', met: 'meet', began: 'begin', oversaw: 'oversee', overseen: 'oversee', chose: 'choose', cutting: 'cut',
  geleitet: 'leiten', leitete: 'leiten', gebaut: 'bauen', baute: 'bauen', dirige: 'diriger', dirigea: 'diriger', data: 'data', people: 'people', series: 'series',
};
const ENDING = /(?:ings?|ed|en|es|s|ly|e)$/;

/** What words of one family have in common; a manager and to manage are two. */
export function stemOf(folded: string): string {
  const word = IRREGULAR[folded] ?? folded;
  if (word.length <= 3) return word;
  const cut = word.replace(ENDING, '');
  const stem = cut.length >= 3 ? cut : word;
  return /([bdfglmnprst])\1$/.test(stem) ? stem.slice(0, -1) : stem;
}
