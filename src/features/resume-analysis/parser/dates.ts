const MONTH_NAMES = [
  'jan(?:uary|v(?:ier)?|uar|eiro|uari)?', 'feb(?:ruary|ruar)?', 'f[ée]v(?:rier|ereiro)?', 'mar(?:ch|s|ço|zo)?', 'mär[.z]?', 'maerz', 'mrt', 'maart', 'apr(?:il)?', 'avr(?:il)?', 'abr(?:il)?', 'avri',
  'may', 'mai', 'maio', 'mayo', 'mei', 'june?', 'juni', 'juin', 'jun(?:ho|io)', 'july?', 'juli', 'juillet', 'jul(?:ho|io)', 'aug(?:ust)?', 'ao[ûu]t', 'ago(?:sto)?',
  'sept?(?:ember|embre)?', 'set(?:embro)?', 'o[ck]t(?:ober|obre|ubro|ubre)?', 'out(?:ubro)?', 'nov(?:ember|embre|embro|iembre)?', 'de[cz](?:ember|embro|iembre)?', 'déc(?:embre)?', 'ene(?:ro)?', 'dic(?:iembre)?', 'janvi', 'févr', 'juil', 'maj', 'augusti', 'januari', 'februari', 'augustus',
  'printemps', 'spring', 'summer', 'fall', 'autumn', 'winter',
];
const MONTH = `(?:${MONTH_NAMES.join('|')})\\.?`;
const YEAR = '(?:19|20)\\d\\d';
const DATE = `(?:(?:(?<!\\d)(?:0?[1-9]|[12]\\d|3[01])\\.?\\s+)?${MONTH},?\\s*(?:de\\s+)?(?:'\\d\\d|${YEAR})|${MONTH}\\s+\\d{1,2}(?:st|nd|rd|th)?,?\\s*${YEAR}|${YEAR}[-/.](?:1[0-2]|0?[1-9])(?:[-/.]\\d{1,2})?(?!\\d)|\\d{1,2}[-/.]\\d{1,2}[-/.]${YEAR}|(?:0?[1-9]|1[0-2])\\s?[/.-]\\s?${YEAR}|${YEAR})`;
const NOW = `(?:present|current(?:ly)?|now|today|ongoing|to date|date|heute|jetzt|laufend|aujourd'hui|présent|actuel(?:lement)?|presente|actualidad|atual(?:mente)?|heden|nu|hoje|hoy|en cours|ce jour|adesso|obecnie|pågående)`;
const RANGE = new RegExp(`\\(?(?:from |since |von |de )?(?<!\\d)(${DATE})\\s*(?:[-–—‐‑−→~]+|to|until|till|bis|à|au|a|até|hasta|tot|through)\\s*(${DATE}|${NOW})(?![\\p{L}\\d])\\)?`, 'iu');
const OPEN = new RegExp(`(?:since|seit|depuis|desde|sinds|from)\\s+(${DATE})|(${DATE})\\s*[-–—]\\s*$`, 'iu');
const SINGLE = new RegExp(`\\(?(?<!\\d)(${DATE})(?!\\d)\\)?`, 'iu');
const ALONE = new RegExp(`^[^\\p{L}\\p{N}]*${DATE}[^\\p{L}\\p{N}]*$`, 'iu');

const MONTHS: Readonly<Record<string, number>> = {
  jan: 1, ene: 1, feb: 2, mrt: 3, maj: 5, fev: 2, fév: 2, mar: 3, mär: 3, maa: 3, apr: 4, avr: 4, abr: 4, may: 5, mai: 5, mei: 5, jun: 6, jui: 6, jul: 7, aug: 8, aou: 8, aoû: 8, ago: 8,
  sep: 9, set: 9, oct: 10, okt: 10, out: 10, nov: 11, dec: 12, dez: 12, déc: 12, dic: 12, spr: 3, sum: 6, fal: 9, aut: 9, win: 12,
};

/** A date or span found in a text. `end` is undefined where the span goes on until now or none is given. */
export interface FoundDate {
  readonly start?: string;
  readonly end?: string;
  /** The words in the text. */
  readonly raw: string;
  /** One date only; whether it is a start or an end depends on the section. */
  readonly single: boolean;
}

const two = (digits: string | number): string => String(digits).padStart(2, '0');

/** YYYY-MM or YYYY of the words of a date; undefined for "present" and for what is no date. Day and month are told apart where one exceeds 12. */
export function normaliseDate(words: string | undefined): string | undefined {
  const text = words?.toLowerCase() ?? '';
  const short = /'(\d\d)/.exec(text)?.[1];
  const year = new RegExp(YEAR).exec(text)?.[0] ?? (short === undefined ? undefined : `20${short}`);
  if (year === undefined) return undefined;
  const name = /\p{L}{3,}/u.exec(text)?.[0] ?? '';
  const byName = name.startsWith('juil') ? 7 : name.startsWith('juin') ? 6 : MONTHS[name.slice(0, 3)];
  if (byName !== undefined) return `${year}-${two(byName)}`;
  const yearFirst = new RegExp(`${YEAR}[-/.](\\d{1,2})`).exec(text)?.[1];
  if (yearFirst !== undefined) return `${year}-${two(yearFirst)}`;
  const full = /(\d{1,2})[-/.](\d{1,2})[-/.]\d{4}/.exec(text);
  if (full) return `${year}-${two(Number(full[1]) > 12 || (Number(full[2]) <= 12 && text.includes('.')) ? full[2]! : full[1]!)}`;
  const monthYear = /(\d{1,2})\s?[/.-]\s?\d{4}/.exec(text)?.[1];
  return monthYear === undefined ? year : `${year}-${two(monthYear)}`;
}

/** The first span of dates in the text, or an open one ("since 2019"). */
export function findRange(text: string): FoundDate | null {
  const range = RANGE.exec(text);
  if (range) return { start: normaliseDate(range[1]), end: normaliseDate(range[2]), raw: range[0], single: false };
  const open = OPEN.exec(text);
  return open ? { start: normaliseDate(open[1] ?? open[2]), raw: open[0], single: false } : null;
}

/** The first single date in the text, as its end. */
export function findSingle(text: string): FoundDate | null {
  const found = SINGLE.exec(text);
  return found ? { end: normaliseDate(found[1]), raw: found[0], single: true } : null;
}

/** Whether the text is a date and nothing else. */
export const isLoneDate = (text: string): boolean => ALONE.test(text);
