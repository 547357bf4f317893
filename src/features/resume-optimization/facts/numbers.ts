import { foldText } from '../../resume-analysis/scoring/fold-text.js';

const WORDS: ReadonlyMap<string, number> = new Map([
  'zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve', 'thirteen', 'fourteen', 'fifteen', 'sixteen', 'seventeen', 'eighteen', 'nineteen',
].map((word, value) => [word, value] as const).concat([['twenty', 20], ['thirty', 30], ['forty', 40], ['fifty', 50], ['hundred', 100], ['thousand', 1_000], ['dozen', 12]]));
const SCALES: ReadonlyMap<string, number> = new Map([
  ['k', 1e3], ['thousand', 1e3], ['tsd', 1e3], ['m', 1e6], ['mio', 1e6], ['million', 1e6], ['millions', 1e6], ['millionen', 1e6], ['bn', 1e9], ['billion', 1e9], ['milliarden', 1e9],
]);
const NUMBER = /(\d+(?:[.,'’ ]\d{3})+(?!\d)|\d+)(?:[.,](\d+))?\s*(%|percent|per cent|prozent|pour cent|por ciento|k\b|tsd\b|thousand\b|mio\b|m\b|millions?\b|millionen\b|bn\b|billion\b|milliarden\b)?/g;
const WORD_LIKE = /[a-z]+/g;
/** So often used for no number that it says nothing. */
const NO_NUMBER = 'one';

/** Digits of all scripts as 0 to 9; Unicode keeps each ten of them together. */
const plainDigits = (text: string): string => text.replace(/\p{Nd}/gu, (digit) => {
  let zero = digit.codePointAt(0)!;
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1)) && digit.codePointAt(0)! - zero < 9) zero -= 1;
  return String(digit.codePointAt(0)! - zero);
});

/**
 * The numbers of a text in one spelling: "1,200", "1.200" and "1 200" are "1200", "3,5" is "3.5", "12 percent" is "12%",
 * "2 million" and "2M" are "2000000", "five" is "5". Years are numbers like any other.
 */
export function numbersIn(text: string): Set<string> {
  const plain = plainDigits(foldText(text)).replace(/[\u00a0\u202f]/g, ' ');
  const found = new Set<string>();
  for (const [, whole, fraction, unit] of plain.matchAll(NUMBER)) {
    const value = Number(`${whole!.replace(/\D/g, '')}${fraction === undefined ? '' : `.${fraction}`}`) * (SCALES.get(unit ?? '') ?? 1);
    found.add(`${Math.round(value * 1e6) / 1e6}${unit !== undefined && !SCALES.has(unit) ? '%' : ''}`);
  }
  for (const [word] of plain.matchAll(WORD_LIKE)) if (word !== NO_NUMBER && WORDS.has(word)) found.add(String(WORDS.get(word)));
  return found;
}

const MONTHS: readonly string[] = [
  'jan|january|januar|janvier|enero|janeiro|gennaio', 'feb|february|februar|fevrier|febrero|fevereiro|febbraio', 'mar|march|marz|maerz|mars|marzo|marco', 'apr|april|avril|abril|aprile',
  'may|mai|mayo|maio|maggio', 'jun|june|juni|juin|junio|junho|giugno', 'jul|july|juli|juillet|julio|julho|luglio', 'aug|august|aout|agosto',
  'sep|sept|september|septembre|septiembre|setembro|settembre', 'oct|okt|october|oktober|octobre|octubre|outubro|ottobre', 'nov|november|novembre|noviembre|novembro', 'dec|dez|december|dezember|decembre|diciembre|dezembro|dicembre',
];
const MONTH_OF: ReadonlyMap<string, number> = new Map(MONTHS.flatMap((names, index) => names.split('|').map((name) => [name, index + 1] as const)));
export const isMonth = (folded: string): boolean => MONTH_OF.has(folded);
/** "may" and "mar" are words too: without a year or a day beside it, neither is a month. */
const NAMED_MONTH = /\b([a-z]{3,10})\.?(?=\s+(?:\d{1,2}(?:st|nd|rd|th)?,?\s+)?\d{4}\b)/g;
const NUMBERED_MONTH = /\b(?:(0?[1-9]|1[0-2])[./](?:19|20)\d{2}|(?:19|20)\d{2}[-./](0[1-9]|1[0-2]))\b/g;

/** The months (1 to 12) that a text names together with a year. */
export function monthsIn(text: string): Set<number> {
  const plain = plainDigits(foldText(text));
  const named = [...plain.matchAll(NAMED_MONTH)].flatMap(([, name]) => MONTH_OF.get(name!) ?? []);
  const numbered = [...plain.matchAll(NUMBERED_MONTH)].map(([, before, after]) => Number(before ?? after));
  return new Set([...named, ...numbered]);
}
