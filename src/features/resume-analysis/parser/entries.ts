import type { TextLine } from '../../../infrastructure/documents/text-line.js';
import { findRange, findSingle, isLoneDate, type FoundDate } from './dates.js';
import { BULLET, TITLE, trimPart, URL } from './lexicon.js';
import { headingOf } from './headings.js';

export type EntryKind = 'work' | 'education';

/** A phrase of an entry's head lines, with the line that it stands on. */
export interface EntryPart {
  readonly text: string;
  readonly line: TextLine;
}

/** One job or one course of study: its dates and the phrases around them. */
export interface RawEntry {
  readonly date: FoundDate | null;
  readonly parts: EntryPart[];
}

interface MarkedLine {
  readonly line: TextLine;
  readonly text: string;
  date: FoundDate | null;
  /** Belongs to what was done there, not to where and as what. */
  isDetail: boolean;
}

const DETAIL_START = /^(courses?|coursework|relevant|gpa|grade|highlights|responsibilities|summary|description|technologies|tech stack|keywords|key achievements|thesis|dissertation)\b\s*:?/i;
const DURATION = /^\W*(\d+\s*(years?|yrs?|months?|mos?)\W*)+$/i;
const NOISE = /^(from|to|present|current|now|website|gpa.*|\W*)$/i;
const MAX_HEAD_LINES = 3;

function dateOf(text: string, line: TextLine, kind: EntryKind, isBullet: boolean): FoundDate | null {
  const range = findRange(text);
  if (range && text.replace(range.raw, '').length <= 110 && !(isBullet && text.length > 60)) return range;
  if (isBullet) return null;
  if (kind === 'education') return text.length < 110 ? findSingle(text) : null;
  const standsAlone = isLoneDate(text) || (line.segments.length > 1 && line.segments.some(isLoneDate));
  const single = standsAlone ? findSingle(text) : null;
  return single && { start: single.end, raw: single.raw, single: true };
}

function mark(line: TextLine, kind: EntryKind): MarkedLine {
  const text = line.text.trim();
  const isBullet = line.bullet || BULLET.test(text);
  const date = dateOf(text, line, kind, isBullet);
  const words = text.split(/\s+/).length;
  const isDetail = !date && (isBullet || words > 11 || (/[.!]$/.test(text) && words > 4) || DETAIL_START.test(text) || /^(https?:|www\.)/i.test(text) || (kind === 'education' && /gpa/i.test(text) && words < 6));
  return { line, text, date, isDetail };
}

/** Lines that are set further in than the head of their entry tell what was done. */
function markIndented(marked: readonly MarkedLine[]): void {
  let headX: number | null = null;
  marked.forEach((current, index) => {
    const before = marked[index - 1];
    if (current.date) {
      const around = [current, before && !before.isDetail ? before : current].filter((other) => other.line.column === current.line.column && other.line.page === current.line.page);
      headX = Math.min(...around.map((other) => other.line.x));
    } else if (headX !== null && before && !current.isDetail && current.line.x > headX + 9 && current.line.x < headX + 60 && !TITLE.test(current.text)
      && (before.date || before.isDetail || before.line.x < current.line.x - 9)) {
      current.isDetail = true;
    }
  });
}

/** A long line that goes on in lower case below is the beginning of a paragraph, whatever its first words are. */
function markWrapped(marked: readonly MarkedLine[]): void {
  for (let index = 0; index + 1 < marked.length; index += 1) {
    const [current, next] = [marked[index]!, marked[index + 1]!];
    if (current.date || current.isDetail || next.date || current.text.split(/\s+/).length < 7) continue;
    const isNextLine = next.line.column === current.line.column && Math.abs(next.line.x - current.line.x) < 2 && next.line.gap < 1.6 * current.line.height;
    if (isNextLine && /^\p{Ll}/u.test(next.text)) current.isDetail = true;
  }
}

/** The second line of a wrapped sentence is part of it. */
function markContinuations(marked: readonly MarkedLine[]): void {
  for (let index = 1; index < marked.length; index += 1) {
    const [before, current] = [marked[index - 1]!, marked[index]!];
    if (current.date || current.isDetail || !before.isDetail || current.line.page !== before.line.page) continue;
    const close = current.line.gap < 1.5 * current.line.height && Math.abs(current.line.height - before.line.height) < 0.12 * before.line.height;
    if (close && (/^\p{Ll}/u.test(current.text) || (current.line.x >= before.line.x - 1 && before.text.length > 60))) current.isDetail = true;
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

/** Positions of the dates that begin entries; a single date right after another date only completes it. */
function anchorsOf(marked: readonly MarkedLine[], kind: EntryKind): number[] {
  const anchors: number[] = [];
  marked.forEach((current, index) => {
    if (!current.date) return;
    const previous = anchors.at(-1);
    if (previous !== undefined && index - previous === 1 && current.date.single && (kind === 'education' || !marked[previous]!.date!.single)) return;
    anchors.push(index);
  });
  return anchors;
}

/** How many head lines stand above the first date: entries of one resume are all built alike. */
function headLinesAbove(marked: readonly MarkedLine[], firstAnchor: number): number {
  let count = 0;
  for (let index = firstAnchor - 1; index >= 0 && !marked[index]!.isDetail; index -= 1) count += 1;
  return Math.min(count, MAX_HEAD_LINES);
}

function around(marked: readonly MarkedLine[], anchors: readonly number[], position: number, usualAbove: number): { before: MarkedLine[]; after: MarkedLine[] } {
  const anchor = anchors[position]!;
  const low = position > 0 ? anchors[position - 1]! + 1 : 0;
  const high = anchors[position + 1] ?? marked.length;
  let before: MarkedLine[] = [];
  let after: MarkedLine[] = [];
  for (let index = anchor - 1; index >= low && !marked[index]!.isDetail; index -= 1) before.unshift(marked[index]!);
  for (let index = anchor + 1; index < high && !marked[index]!.isDetail; index += 1) after.push(marked[index]!);
  const detailsBefore = marked.slice(low, anchor).some((line) => line.isDetail);
  if (position > 0 && before.length > usualAbove && !detailsBefore) before = usualAbove > 0 ? before.slice(-usualAbove) : [];
  else if (before.length > Math.max(usualAbove, 1) + 1) before = before.slice(-Math.max(usualAbove, 1));
  const detailsAfter = marked.slice(anchor + 1, high).some((line) => line.isDetail);
  if (position + 1 < anchors.length && after.length > 0 && !detailsAfter) after = after.slice(0, Math.max(0, after.length - usualAbove));
  return { before, after: after.slice(0, MAX_HEAD_LINES) };
}

function segmentsWithout(line: TextLine, raw: string): string[] {
  const withoutDate = (text: string): string => text.replace(raw, '  ').replace(/\(\s*\)/g, ' ');
  const whole = line.segments.join('  ');
  const inOneSegment = line.segments.some((segment) => segment.includes(raw));
  if (!inOneSegment && whole.includes(raw)) return withoutDate(whole).replace(/\b\d+\s+(years?|months?|yrs?|mos?)\b.*$/i, ' ').split(/\s{2,}/);
  return line.segments.map(withoutDate);
}

/** The phrases of head lines: separated by wide space, bars, dashes, and "at". */
function partsOf(heads: readonly { line: TextLine; segments: readonly string[] }[]): EntryPart[] {
  const parts: EntryPart[] = [];
  for (const { line, segments } of heads) {
    for (const phrase of segments.flatMap((segment) => segment.split(/\s+[|•·@]\s+|\s+[–—]\s+|\s+-\s+|\s{2,}|\s+at\s+(?=\p{Lu})(?!Austin\b|Arlington\b|Dallas\b|Buffalo\b|Urbana|Chicago\b|Boulder\b|Los\b|San\b|Berkeley\b|Chapel\b)/u))) {
      const text = trimPart(phrase.replace(URL, ' ').replace(/\(\s*\)/g, ' '));
      if (text === '' || /^\d+$/.test(text) || headingOf(text) || DURATION.test(text) || NOISE.test(text) || isLoneDate(text)) continue;
      parts.push({ text, line });
    }
  }
  return parts;
}

/** Without any date, each block of lines between details is an entry. */
function undatedEntries(marked: readonly MarkedLine[], startsEntry: (text: string) => boolean): RawEntry[] {
  const blocks: MarkedLine[][] = [];
  for (const current of marked) {
    if (current.isDetail) continue;
    const open = blocks.at(-1);
    const begins = !open || open.length >= MAX_HEAD_LINES || (startsEntry(current.text) && open.some((line) => startsEntry(line.text)));
    if (begins) blocks.push([current]);
    else open.push(current);
  }
  return blocks.map((lines) => ({ date: null, parts: partsOf(lines.map(({ line }) => ({ line, segments: line.segments }))) }));
}

/**
 * Cuts a section into entries. Dates are the anchors: nearly every job and course has one, while names and titles can look
 * like anything. `startsEntry` recognises the first line of an entry where a section has no dates at all.
 */
export function cutEntries(lines: readonly TextLine[], kind: EntryKind, startsEntry: (text: string) => boolean): RawEntry[] {
  let marked = lines.map((line) => mark(line, kind)).filter((line) => line.text !== '');
  if (kind === 'work') markIndented(marked);
  markWrapped(marked);
  markContinuations(marked);
  marked = joinDateLines(marked);
  const anchors = anchorsOf(marked, kind);
  if (anchors.length === 0) return kind === 'education' ? undatedEntries(marked, startsEntry) : [];
  const usualAbove = headLinesAbove(marked, anchors[0]!);
  return anchors.map((anchor, position) => {
    const { before, after } = around(marked, anchors, position, usualAbove);
    const { line, date } = marked[anchor]!;
    const heads = [...before, null, ...after].map((head) => (head ? { line: head.line, segments: head.line.segments } : { line, segments: segmentsWithout(line, date!.raw) }));
    return { date, parts: partsOf(heads) };
  });
}
