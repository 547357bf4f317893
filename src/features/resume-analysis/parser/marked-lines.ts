import type { TextLine } from '../../../infrastructure/documents/text-line.js';
import { findRange, findSingle, isLoneDate, type FoundDate } from './dates.js';
import { BULLET, ORGANISATION } from './lexicon.js';

export type EntryKind = 'work' | 'education';

/** A line of a section of entries, with its date and whether it tells what was done rather than where and as what. */
export interface MarkedLine {
  readonly line: TextLine;
  readonly text: string;
  date: FoundDate | null;
  isDetail: boolean;
}

const DETAIL_START = /^(courses|coursework|(?:course|grade|note)(?=\s*:)|relevant|gpa|cgpa|highlights|responsibilities|summary|description|technologies|tech stack|keywords|key achievements|achievements|thesis|dissertation|abschlussnote|schwerpunkte?|minors?)\b\s*:?/i;
const TABLE_HEAD = /^(degrees?|diploma|subjects?|field( of study)?|institution|school|university|college|year( of passing)?|grade|percentage|marks|cgpa|gpa|board|course|qualification|dates?|period|company|employer|organi[sz]ation|position|title|role|duration|location|abschluss|fach|hochschule|jahr|zeitraum|arbeitgeber|diplôme|établissement|année|poste|entreprise|curso|instituição|instituci[óo]n|ano|año|t[íi]tulo|empresa|cargo|puesto)$/i;

function dateOf(text: string, line: TextLine, kind: EntryKind, isBullet: boolean): FoundDate | null {
  const range = findRange(text);
  if (range && text.replace(range.raw, '').length <= 120 && !(isBullet && text.length > 60)) return range;
  if (isBullet) return null;
  if (kind === 'education') return text.length < 130 ? findSingle(text) : null;
  const standsAlone = isLoneDate(text) || (line.segments.length > 1 && line.segments.some(isLoneDate));
  const single = standsAlone ? findSingle(text) : null;
  return single && { start: single.end, raw: single.raw, single: true };
}

/** A full stop behind a word in small letters; "Acme Inc." and "Usines S.A." are no sentences. */
const isSentence = (text: string, words: number): boolean => words > 2 && /(?:\p{Ll}{3}\.|[\d)!%]\.?|!)$/u.test(text) && /[.!]$/.test(text) && !ORGANISATION.test(text.split(' ').at(-1)!);

function mark(line: TextLine, kind: EntryKind): MarkedLine {
  const text = line.text.trim();
  const isBullet = line.bullet || BULLET.test(text);
  const date = dateOf(text, line, kind, isBullet);
  const words = text.split(/\s+/).length;
  const isDetail = !date && (isBullet || words > 13 || isSentence(text, words) || DETAIL_START.test(text) || /^(https?:|www\.)/i.test(text) || (kind === 'education' && /gpa/i.test(text) && words < 6));
  return { line, text, date, isDetail };
}

/** Where the words of a line begin, its date apart. */
export const textX = ({ line }: MarkedLine): number => line.places.find((_, index) => !isLoneDate(line.segments[index] ?? '') && !findRange(line.segments[index] ?? ''))?.x ?? line.x;

/** Lines that are set further in than the head of their entry tell what was done. */
function markIndented(marked: readonly MarkedLine[]): void {
  let headX: number | null = null;
  marked.forEach((current, index) => {
    const before = marked[index - 1];
    const sameColumn = before && before.line.column === current.line.column && before.line.page === current.line.page;
    if (current.date) {
      headX = before && sameColumn && !before.isDetail ? Math.min(textX(before), textX(current)) : textX(current);
    } else if (headX !== null && before && before.line.column === current.line.column && !current.isDetail && textX(current) > headX + 7 && textX(current) < headX + 60
      && (before.date || before.isDetail || textX(before) < textX(current) - 7)) {
      current.isDetail = true;
    }
  });
}

/** The second line of a wrapped sentence is part of it. */
function markContinuations(marked: readonly MarkedLine[]): void {
  for (let index = 1; index < marked.length; index += 1) {
    const [before, current] = [marked[index - 1]!, marked[index]!];
    if (current.date || current.isDetail || !before.isDetail || current.line.page !== before.line.page) continue;
    const close = current.line.gap < 1.5 * current.line.height && Math.abs(current.line.height - before.line.height) < 0.12 * before.line.height;
    const sameFont = current.line.places[0]?.font === before.line.places[0]?.font;
    if (close && sameFont && (/^\p{Ll}/u.test(current.text) || (textX(current) >= textX(before) - 1 && before.text.length > 60))) current.isDetail = true;
  }
}

/** Two dates on lines of their own, one below the other, are a span. */
function joinDateLines(marked: readonly MarkedLine[]): MarkedLine[] {
  const joined: MarkedLine[] = [];
  for (const current of marked) {
    const before = joined.at(-1);
    const dates = [before?.date, current.date];
    if (before?.date && current.date && dates.every((date) => date?.single) && isLoneDate(before.text) && isLoneDate(current.text)) {
      before.date = { start: before.date.start ?? before.date.end, end: current.date.start ?? current.date.end, raw: before.date.raw, single: false };
    } else {
      joined.push(current);
    }
  }
  return joined;
}

/** The lines of a section with their dates. The head row of a table is left out. */
export function markLines(lines: readonly TextLine[], kind: EntryKind): MarkedLine[] {
  const body = lines.filter((line) => line.segments.length < 2 || !line.segments.every((segment) => TABLE_HEAD.test(segment)));
  const marked = body.map((line) => mark(line, kind)).filter((line) => line.text !== '');
  if (kind === 'work') markIndented(marked);
  markContinuations(marked);
  return joinDateLines(marked);
}
