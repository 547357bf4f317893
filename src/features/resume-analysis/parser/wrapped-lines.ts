import type { TextLine } from '../../../infrastructure/documents/text-line.js';
import { findRange, isLoneDate } from './dates.js';
import { BULLET, ORGANISATION, TITLE } from './lexicon.js';
import { findDegree, isInstitution } from './study-words.js';

/** Words that nobody ends a line with unless it goes on. */
const GOES_ON = /(?:^|[\s(])(?:of|in|and|for|the|at|to|&|de|du|des|da|do|das|dos|la|le|et|y|e|für|und|der|die|von|van|en)$|[,(/&]$|\p{L}-$/iu;

/** Longer than any name or degree; paragraphs are not put together any further. */
export const LONGEST_PHRASE = 200;

const columnOf = (line: TextLine): string => `${line.page}.${line.column}`;

function widestOf(lines: readonly TextLine[]): ReadonlyMap<string, number> {
  const widest = new Map<string, number>();
  for (const line of lines) widest.set(columnOf(line), Math.max(widest.get(columnOf(line)) ?? 0, ...line.places.map((place) => place.right)));
  return widest;
}

/**
 * Where a line could have gone on to. The widest line of the section tells, since a single long address may widen the
 * column, unless all its lines are so short that none can have been broken.
 */
function edgeOf(line: TextLine, widest: ReadonlyMap<string, number>): number {
  const own = widest.get(columnOf(line)) ?? 0;
  return own - line.x > 0.55 * (line.edge - line.x) ? own : line.edge;
}

/** Two lines of different kinds, such as a school below a degree, are two even where the first is full. */
function differInKind(first: string, second: string): boolean {
  const [degrees, schools] = [[first, second].map((text) => findDegree(text) !== null), [first, second].map(isInstitution)];
  if (degrees[1] && schools[0]) return true;
  if (degrees[0] && schools[1] && !schools[0] && /^\S+\s+\S/.test(second)) return true;
  return TITLE.test(first) && !ORGANISATION.test(first) && !TITLE.test(second) && ORGANISATION.test(second) && second.includes(' ');
}

/** Whether the second line is the rest of a phrase for which the line before it was too narrow; `open` is the phrase so far. */
function isWrapped(open: TextLine, first: TextLine, second: TextLine, edge: number): boolean {
  const [head, tail] = [first.places[0], second.places[0]];
  if (!head || !tail || head.right === 0 || second.segments.length > 1 || second.page !== first.page || second.column !== first.column) return false;
  if (head.font !== tail.font || Math.abs(head.x - tail.x) > 2 || Math.abs(first.height - second.height) > 0.3 || second.gap > 1.55 * second.height || second.gap <= 0) return false;
  const [text, next] = [first.segments[0]!, second.text];
  if (first.bullet || second.bullet || BULLET.test(next) || isLoneDate(text) || findRange(next) || isLoneDate(next)) return false;
  const limit = (open.places[1]?.x ?? edge + 1) - 1;
  const firstWord = next.split(' ')[0]!;
  const isFull = head.right + ((tail.right - tail.x) / next.length) * (firstWord.length + 1) > limit;
  const isPhrase = GOES_ON.test(text) || /^[\p{Ll}(&–]/u.test(next);
  const breaksOff = GOES_ON.test(text) && head.right - head.x > 0.55 * (limit - head.x);
  return breaksOff || (isFull && (isPhrase || !differInKind(open.segments[0]!, next)));
}

/** Puts phrases together that a narrow column broke. Only the width of the column tells: the next word would not have fitted. */
export function joinWrappedLines(lines: readonly TextLine[]): TextLine[] {
  const widest = widestOf(lines);
  const joined: TextLine[] = [];
  let last: TextLine | null = null;
  for (const line of lines) {
    const open = joined.at(-1);
    if (open && last && open.text.length < LONGEST_PHRASE && isWrapped(open, last, line, edgeOf(last, widest))) {
      const first = open.segments[0]!;
      const segments = [/\p{L}-$/u.test(first) ? first + line.text : `${first} ${line.text}`, ...open.segments.slice(1)];
      joined[joined.length - 1] = { ...open, segments, text: segments.join('  ') };
    } else {
      joined.push(line);
    }
    last = line;
  }
  return joined;
}
