/** Job names that differ by the gender of who holds them, and the one form that both are read as. */
const NEUTRAL: readonly (readonly [RegExp, string])[] = [
  [/\b([a-z]{3,}?)(?:wo)?m[ae]n\b/g, '$1person'], [/\bwaitress/g, 'waiter'], [/\bactress/g, 'actor'], [/\b(steward|host)ess\b/g, '$1'], [/\b(head)mistress/g, '$1master'], [/\blandlady/g, 'landlord'],
  [/(er|or|eur|ist|ant|ent|arzt)in(?:nen)?\b/g, '$1'], [/aerztin\b/g, 'arzt'], [/(kauf|fach)(?:frau|mann)\b/g, '$1person'],
  [/trice\b/g, 'teur'], [/eu(?:se|re)\b/g, 'eur'], [/iere\b/g, 'ier'], [/([dts]or)a\b/g, '$1'], [/er[ao]\b/g, 'ero'], [/eir[ao]\b/g, 'eiro'],
];
const ENDINGS = /m[ae]n\b|ess\b|in(?:nen)?\b|frau\b|mann\b|trice\b|eu[sr]e\b|iere\b|ora\b|er[ao]\b|eir[ao]\b|lady\b/;
const PLAIN = /^[\x20-\x7e]*$/;

/**
 * A line as it is compared: lower case without accents, one space between words, job names in one form for all genders.
 * Signs that are part of names (c++, c#, .net, ci/cd) stay.
 */
export function foldText(text: string): string {
  const letters = PLAIN.test(text) ? text : text.normalize('NFKD').replace(/\p{M}/gu, '').replace(/ß/g, 'ss').replace(/[\u2010-\u2015]/g, '-');
  const folded = letters.toLowerCase().replace(/\s+/g, ' ').trim();
  return ENDINGS.test(folded) ? NEUTRAL.reduce((line, [pattern, form]) => line.replace(pattern, form), folded) : folded;
}

/** The words of a folded text. */
export const wordsOf = (folded: string): string[] => folded.match(/[\p{L}\p{N}+#]+/gu) ?? [];
