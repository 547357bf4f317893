import { foldWord } from './plain-text.js';

/** A month of a year in a text. */
export interface FoundMonth {
  readonly text: string;
  /** YYYY-MM. */
  readonly month: string;
  readonly at: number;
  readonly end: number;
}

/** Names of the months in English, German, French, Spanish, Portuguese, Italian and Dutch, folded. */
const MONTHS: readonly string[] = [
  'january jan januar janner janvier janv enero ene janeiro gennaio gen januari', 'february feb februar feber fevrier fevr fev febrero fevereiro febbraio februari', 'march mar marz maerz mrz mars marzo marco maart mrt',
  'april apr avril avr abril abr aprile', 'may mai mayo maio maggio mei', 'june jun juni juin junio junho giugno', 'july jul juli juillet juil julio julho luglio', 'august aug aout agosto ago augustus',
  'september sep sept septembre septiembre setembro set settembre', 'october oct oktober okt octobre octubre outubro out ottobre ott', 'november nov novembre noviembre novembro', 'december dec dezember dez decembre diciembre dic dezembro dicembre',
];
const NUMBERS: ReadonlyMap<string, number> = new Map(MONTHS.flatMap((names, index) => names.split(' ').map((name) => [name, index + 1] as const)));

const YEAR = String.raw`((?:19|20)\d\d)(?!\d)`;
const NAMED = new RegExp(String.raw`(\p{L}{3,})\.?,?\s(?:\d{1,2}(?:st|nd|rd|th)?,?\s)?(?:de\s|of\s)?'?${YEAR}`, 'gu');
const YEAR_FIRST = new RegExp(String.raw`(?<!\d)${YEAR}[-/.](0?[1-9]|1[0-2])(?!\d)`, 'g');
const MONTH_FIRST = new RegExp(String.raw`(?<![\d])(?:\d{1,2}[./-])?(0?[1-9]|1[0-2])\s?[./-]\s?${YEAR}`, 'g');

const monthOf = (year: string, month: number): string => `${year}-${String(month).padStart(2, '0')}`;

/** Every month with its year in a plain text, however it is written. */
export function readMonths(text: string): FoundMonth[] {
  const found: FoundMonth[] = [];
  const add = (match: RegExpMatchArray, year: string, month: number | undefined): void => {
    const at = match.index!;
    if (month !== undefined && !found.some((other) => at < other.end && other.at < at + match[0].length)) found.push({ text: match[0], month: monthOf(year, month), at, end: at + match[0].length });
  };
  for (const match of text.matchAll(NAMED)) add(match, match[2]!, NUMBERS.get(foldWord(match[1]!)));
  for (const match of text.matchAll(YEAR_FIRST)) add(match, match[1]!, Number(match[2]));
  for (const match of text.matchAll(MONTH_FIRST)) add(match, match[2]!, Number(match[1]));
  return found.sort((a, b) => a.at - b.at);
}

