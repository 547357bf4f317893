import type { TextLine } from '../../../infrastructure/documents/text-line.js';
import { isLoneDate, type FoundDate } from './dates.js';
import { headingOf } from './headings.js';
import { TITLE, trimPart, URL } from './lexicon.js';
import { detailsOf } from './details.js';
import { markLines, textX, type EntryKind, type MarkedLine } from './marked-lines.js';
import { stackSideBySide } from './side-by-side.js';
import { findDegree, isInstitution } from './study-words.js';
import { joinWrappedLines } from './wrapped-lines.js';

/** A phrase of an entry's head lines, with the font that it is set in. */
export interface EntryPart {
  readonly text: string;
  readonly style: string;
}

/** One job or one course of study: its dates and the phrases around them. */
export interface RawEntry {
  readonly date: FoundDate | null;
  readonly parts: EntryPart[];
  /** What was done, one sentence or bullet each, as it stands there. */
  readonly details: readonly string[];
}

const DURATION = /^[^\p{L}\p{N}]*(\d+\s*(years?|yrs?|months?|mos?|jahre?|monate?|ans?|mois|anos?|meses|años?)[^\p{L}\p{N}]*)+$/iu;
const NOISE = /^(from|to|present|current|now|website|gpa.*|cgpa.*|[^\p{L}\p{N}]*)$/iu;
const MAX_HEAD_LINES = 3;

/** Positions of the dates that begin entries; a single date right after another one only completes it, unless it has words of its own. */
function anchorsOf(marked: readonly MarkedLine[], kind: EntryKind): number[] {
  const anchors: number[] = [];
  marked.forEach((current, index) => {
    if (!current.date) return;
    const previous = anchors.at(-1);
    const completes = previous !== undefined && index - previous === 1 && current.date.single && (kind === 'education' || !marked[previous]!.date!.single);
    if (!completes || current.line.segments.length > 1 || (current.text.length > current.date.raw.length + 8 && marked[previous]!.text.length > marked[previous]!.date!.raw.length + 8)) anchors.push(index);
  });
  return anchors;
}

/** How many head lines stand above the first date: entries of one resume are all built alike. */
function headLinesAbove(marked: readonly MarkedLine[], firstAnchor: number): number {
  let count = 0;
  for (let index = firstAnchor - 1; index >= 0 && !marked[index]!.isDetail; index -= 1) count += 1;
  return Math.min(count, MAX_HEAD_LINES);
}

const looksOf = (marked: MarkedLine): string => {
  const font = marked.line.places[0]?.font ?? '';
  return font === '' ? '' : `${font} ${marked.line.height.toFixed(1)} ${Math.round(textX(marked) / 4)}`;
};

/** Where the entry of a date begins: at the line that looks like the first of the section and stands as far above the date. */
function startOf(marked: readonly MarkedLine[], anchors: readonly number[], position: number, above: number): number {
  const anchor = anchors[position]!;
  if (position === 0) return Math.max(0, anchor - above);
  const low = anchors[position - 1]! + 1;
  const looks = looksOf(marked[anchors[0]! - above]!);
  const alike = looks === '' || above === 0 ? [] : Array.from({ length: Math.min(anchor - low, above + 2) }, (_, index) => anchor - 1 - index).filter((index) => looksOf(marked[index]!) === looks);
  if (alike.length > 0) return alike.sort((a, b) => Math.abs(anchor - above - a) - Math.abs(anchor - above - b))[0]!;
  let start = anchor;
  while (start > low && !marked[start - 1]!.isDetail && anchor - start < above) start -= 1;
  return start;
}

interface CutEntry {
  readonly heads: readonly MarkedLine[];
  readonly rest: readonly MarkedLine[];
}

/** The head lines of each entry, from its start to the first line that tells what was done, and the rest of its lines. */
function cutAt(marked: readonly MarkedLine[], anchors: readonly number[]): CutEntry[] {
  const above = headLinesAbove(marked, anchors[0]!);
  const starts = anchors.map((_, position) => startOf(marked, anchors, position, above));
  return anchors.map((anchor, position) => {
    const end = starts[position + 1] ?? marked.length;
    let headEnd = anchor + 1;
    while (headEnd < end && !marked[headEnd]!.isDetail && headEnd - anchor <= MAX_HEAD_LINES) headEnd += 1;
    return { heads: marked.slice(starts[position], headEnd), rest: marked.slice(headEnd, end) };
  });
}

function segmentsWithout(line: TextLine, raw: string): string[] {
  const withoutDate = (text: string): string => text.replace(raw, '  ').replace(/\(\s*\)/g, ' ');
  const whole = line.segments.join('  ');
  const inOneSegment = line.segments.some((segment) => segment.includes(raw));
  if (!inOneSegment && whole.includes(raw)) return withoutDate(whole).replace(/\b\d+\s+(years?|months?|yrs?|mos?)\b.*$/i, ' ').split(/\s{2,}/);
  return line.segments.map(withoutDate);
}

/** "Engineer at Acme" is two phrases, "University of Texas at Austin" is one. */
function splitAtWord(text: string): string[] {
  const found = /\s+(?:at|bei|beim|chez)\s+(?=\p{Lu})/u.exec(text);
  if (!found) return [text];
  const [left, right] = [text.slice(0, found.index), text.slice(found.index + found[0].length)];
  if (isInstitution(left) && !findDegree(left) && !TITLE.test(left)) return [text];
  return [left, right];
}

/** The phrases of head lines: separated by wide space, bars, dashes, and "at". */
function partsOf(heads: readonly { line: TextLine; segments: readonly string[] }[]): EntryPart[] {
  const parts: EntryPart[] = [];
  for (const { line, segments } of heads) {
    segments.forEach((segment, index) => {
      const style = `${line.places[index]?.font ?? ''} ${line.height.toFixed(1)}`;
      for (const phrase of segment.split(/\s+[|•·@]\s+|\s+[–—]\s+|\s+-\s+|\s{2,}/u).flatMap(splitAtWord)) {
        const text = trimPart(phrase.replace(URL, ' ').replace(/\(\s*\)/g, ' '));
        if (text === '' || /^\d+$/.test(text) || headingOf(text) || DURATION.test(text) || NOISE.test(text) || isLoneDate(text)) continue;
        parts.push({ text, style });
      }
    });
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
  return blocks.map((lines) => ({ date: null, parts: partsOf(lines.map(({ line }) => ({ line, segments: line.segments }))), details: [] }));
}

/**
 * Cuts a section into entries. Dates are the anchors: nearly every job and course has one, while names and titles can look
 * like anything. `startsEntry` recognises the first line of an entry where a section has no dates at all.
 */
export function cutEntries(lines: readonly TextLine[], kind: EntryKind, startsEntry: (text: string) => boolean): RawEntry[] {
  const marked = markLines(joinWrappedLines(stackSideBySide(lines)), kind);
  const anchors = anchorsOf(marked, kind);
  if (anchors.length === 0) return kind === 'education' ? undatedEntries(marked, startsEntry) : [];
  return cutAt(marked, anchors).map(({ heads, rest }, position) => {
    const { date } = marked[anchors[position]!]!;
    return { date, parts: partsOf(heads.map(({ line }, index) => ({ line, segments: heads[index] === marked[anchors[position]!] ? segmentsWithout(line, date!.raw) : line.segments }))), details: detailsOf(rest) };
  });
}
