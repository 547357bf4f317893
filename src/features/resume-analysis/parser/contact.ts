import { findPhoneNumbersInText } from 'libphonenumber-js/max';
import type { ExtractedDocument, TextLine } from '../../../infrastructure/documents/text-line.js';
import { EMAIL, LOCATION, ORGANISATION, TITLE, trimPart, URL } from './lexicon.js';
import { headingOf } from './headings.js';
import { linesOf, median, type Section } from './sections.js';

const NAME_LINES = 60;
const PARTICLE = /^(van|von|der|den|de|da|do|dos|di|la|le|el|al|bin|ibn|del|della|ter|y|e)$/i;
const TITLES_AFTER_NAME = /,?\s*(ph\.?d|m\.?d|mba|rn|cpa|pmp|esq|msc|bsc|jr|sr)\.?$/i;
const PHONE_TEXT_LIMIT = 20_000;

function linkOf(links: readonly string[], scheme: string): string | null {
  const found = links.find((link) => link.toLowerCase().startsWith(scheme));
  if (found === undefined) return null;
  const target = found.slice(scheme.length).split('?')[0]!;
  try {
    return decodeURIComponent(target);
  } catch {
    return target;
  }
}

const isBelow = (line: TextLine, above: TextLine): boolean => line.column === above.column && Math.abs(line.x - above.x) < 2 && line.gap > 0 && line.gap < 1.4 * line.height;

/** An address that was too long for a narrow column may begin above, "jane-" and "doe@example.com", and go on below, "jane@exam" and "ple.com". */
function completeWrapped(written: string, lines: readonly TextLine[]): string {
  const start = lines.findIndex((line) => line.text.startsWith(written));
  const above = lines[start - 1];
  const head = start > 0 && above && lines[start]!.column > 0 && isBelow(lines[start]!, above) ? /^[\p{L}\d._-]+[-._]$/u.exec(above.text)?.[0] ?? '' : '';
  const address = head + written;
  const index = lines.findIndex((line) => line.text.endsWith(written));
  const [line, next] = [lines[index], lines[index + 1]];
  if (!line || !next || line.column === 0 || next.column !== line.column) return address;
  const goesOn = Math.abs(next.x - line.x) < 2 && next.gap < 1.4 * next.height && /^[a-z.]{1,12}$/i.test(next.text) && !headingOf(next.text);
  return goesOn ? address + next.text : address;
}

/** Addresses that are set in capitals are meant in small letters. */
const plainCase = (address: string): string => (/\p{Ll}/u.test(address) ? address : address.toLowerCase());

/** The e-mail address: the written one, completed by the address of its link where the page shows only a part. Empty where there is none. */
export function findEmail({ lines, links }: ExtractedDocument): string {
  const text = lines.map((line) => line.text).join('\n');
  const written = EMAIL.exec(text)?.[0] ?? '';
  const linked = linkOf(links, 'mailto:');
  if (linked !== null && EMAIL.test(linked)) {
    const sameStart = linked.toLowerCase().startsWith(written.toLowerCase().split('@')[0]!);
    return written === '' || sameStart ? linked : written;
  }
  if (written !== '') return plainCase(completeWrapped(written, lines));
  return plainCase(EMAIL.exec(text.replace(/\s*@\s*/g, '@').replace(/(@[\p{L}\d-]*)\n(?=[\p{L}\d-]*\.\p{L}{2})/gu, '$1'))?.[0] ?? '');
}

function phoneIn(text: string): string {
  const withoutSpans = text.slice(0, PHONE_TEXT_LIMIT).replace(/(?:19|20)\d\d\s*[-–—]\s*(?:19|20)\d\d/g, ' ');
  const known = findPhoneNumbersInText(withoutSpans, 'US')[0];
  if (known) return known.number.number;
  for (const candidate of withoutSpans.match(/(?:\+|\(|\b\d)[\d\s().\-/]{7,18}\d/g) ?? []) {
    const digits = candidate.replace(/\D/g, '');
    const isSpan = /^(?:19|20)\d\d(?:19|20)\d\d$/.test(digits) || /\d{4}-\d\d-\d\d/.test(candidate);
    if (digits.length >= 8 && digits.length <= 15 && !isSpan) return candidate.trim();
  }
  return '';
}

/** The phone number, in E.164 where its country is known; sought where people write it before anywhere else. */
export function findPhone({ lines, links }: ExtractedDocument, sections: readonly Section[]): string {
  const head = linesOf(sections, 'header', 'contact', 'summary').map((line) => line.text).join('\n');
  return phoneIn(head) || linkOf(links, 'tel:') || phoneIn(lines.map((line) => line.text).join('\n'));
}

/** The lines as one text, in which an address that was broken at the end of a line is whole again. */
function textWithWholeAddresses(lines: readonly TextLine[]): string {
  return lines.reduce((text, line) => {
    const broken = /(?:https?:\/\/|www\.|\.[a-z]{2,6}\/)\S*[-/_.]$/i.test(text) && /^[\w\-./~%]+(\s|$)/.test(line.text);
    return text + (broken ? '' : '\n') + line.text;
  }, '');
}

/** Addresses of web pages, each once, without scheme and "www.". */
export function findLinks({ lines, links }: ExtractedDocument): string[] {
  const text = textWithWholeAddresses(lines).replace(new RegExp(EMAIL.source, 'gu'), ' ');
  const found = new Set<string>();
  for (const address of [...(text.match(URL) ?? []), ...links.filter((link) => /^https?:/i.test(link))]) {
    const bare = address.replace(/^https?:\/\//i, '').replace(/^www\./i, '').replace(/[/.]+$/, '').toLowerCase();
    const isDegree = /^(b|m)\.(sc|s|a|eng|tech|ed|com)/.test(bare);
    if (bare.includes('.') && !/^\d+(\.\d+)*$/.test(bare) && !isDegree) found.add(bare);
  }
  return [...found].slice(0, 50);
}

interface NameCandidate {
  readonly text: string;
  readonly score: number;
}

const plainLetters = (text: string): string => text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '').replace(/[^a-z]/g, '');

function scoreName(text: string, line: TextLine, index: number, sizes: { largest: number; usual: number }, mailWords: readonly string[]): number {
  const { largest, usual } = sizes;
  const words = text.split(' ');
  let score = 4 * (line.height / largest) + (line.height > 1.4 * usual ? 2 : 0);
  score += index < 3 ? 2 : index < 8 ? 1 : line.height < largest * 0.95 ? -2 : 0;
  score += words.length >= 2 && words.length <= 4 ? 2 : words.length === 1 ? -3 : 0;
  score += words.every((word) => /^\p{Lu}/u.test(word) || PARTICLE.test(word)) ? 2 : -3;
  if (TITLE.test(text)) score -= 4;
  if (ORGANISATION.test(text)) score -= 2;
  if (LOCATION.test(text) && text.includes(',')) score -= 3;
  if (mailWords.some((word) => word.length > 2 && plainLetters(text).includes(word))) score += 4;
  return score;
}

/** A large name may take up to three lines of a narrow column. Null where the line stands alone. */
function wholeName(lines: readonly TextLine[], index: number, usual: number): string | null {
  let name = lines[index]!.segments[0] ?? '';
  let count = 1;
  for (; count < 3; count += 1) {
    const [line, next] = [lines[index + count - 1]!, lines[index + count]];
    const second = next?.segments[0];
    if (!next || second === undefined || line.segments.length + next.segments.length > 2) break;
    const alike = line.height > 1.25 * usual && Math.abs(next.height - line.height) < 0.3 && next.places[0]?.font === line.places[0]?.font && next.column === line.column;
    if (!alike || next.gap <= 0 || next.gap > 1.7 * line.height || TITLE.test(second) || headingOf(second) || /[\d@,]/.test(second)) break;
    name = /\p{L}-$/u.test(name) ? name + second : `${name} ${second}`;
  }
  return count === 1 ? null : name;
}

const capitalise = (text: string): string => text.toLowerCase().replace(/(^|[\s'’-])\p{L}/gu, (match) => match.toUpperCase());

/** The name: large, near the top, of two to four capitalised words, best where the e-mail address repeats it. */
export function findName(lines: readonly TextLine[], email: string): string {
  const first = lines.filter((line) => line.page === 1);
  const heights = first.map((line) => line.height);
  const sizes = { largest: Math.max(1, ...heights), usual: median(heights, 10) };
  const mailWords = email.split('@')[0]!.toLowerCase().split(/[._\-\d]+/).filter((word) => word.length > 1);
  let best: NameCandidate | null = null;
  first.slice(0, NAME_LINES).forEach((line, index) => {
    const whole = wholeName(first, index, sizes.usual);
    for (const segment of whole === null ? line.segments : [whole]) {
      const text = trimPart(segment.replace(/^(name|curriculum vitae|resume|cv|lebenslauf)\s*:?\s*/i, '')).replace(TITLES_AFTER_NAME, (match) => (/jr|sr/i.test(match) ? match : ''));
      const words = text.split(' ').length;
      if (text === '' || text.length > 45 || words > 6 || headingOf(text) || !/^[\p{L}\p{M}.'’\- ]+$/u.test(text)) continue;
      const score = scoreName(text, line, index, sizes, mailWords);
      if (!best || score > best.score) best = { text, score };
    }
  });
  const found = best as NameCandidate | null;
  if (!found || found.score <= 2) return '';
  return /^[^\p{Ll}]+$/u.test(found.text) ? capitalise(found.text) : found.text;
}
