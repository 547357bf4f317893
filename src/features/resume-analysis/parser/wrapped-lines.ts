import type { TextLine } from '../../../infrastructure/documents/text-line.js';
import { findRange, isLoneDate } from './dates.js';
import { BULLET, ORGANISATION, TITLE } from './lexicon.js';
import { findDegree, isInstitution } from './study-words.js';

/** Words that nobody ends a line with unless it goes on. */
const GOES_ON = /(?:^|[\s(])(?:of|in|and|for|the|at|to|&|de|du|des|da|do|das|dos|la|le|et|y|e|für|und|der|die|von|van|en)$|[,(/&]$|\p{L}-$/iu;

const rightEdges = (lines: readonly TextLine[]): Map<string, number> => {
  const edges = new Map<string, number>();
  for (const line of lines) {
    const key = `${line.page}.${line.column}`;
    edges.set(key, Math.max(edges.get(key) ?? 0, ...line.places.map((place) => place.right)));
  }
  return edges;
};

/** Two lines of different kinds, such as a school below a degree, are two even where the first is full. */
function differInKind(first: string, second: string): boolean {
  const [degrees, schools] = [[first, second].map((text) => findDegree(text) !== null), [first, second].map(isInstitution)];
  if (degrees[1] && schools[0]) return true;
  if (degrees[0] && schools[1] && !schools[0] && /^\S+\s+\S/.test(second)) return true;
  return TITLE.test(first) && !ORGANISATION.test(first) && !TITLE.test(second) && ORGANISATION.test(second) && second.includes(' ');
}

/** Whether the second line is the rest of a phrase for which the first was too narrow. */
function isWrapped(first: TextLine, second: TextLine, edge: number): boolean {
  const [head, tail] = [first.places[0], second.places[0]];
  if (!head || !tail || head.right === 0 || second.segments.length > 1 || second.page !== first.page || second.column !== first.column) return false;
  if (head.font !== tail.font || Math.abs(head.x - tail.x) > 2 || Math.abs(first.height - second.height) > 0.3 || second.gap > 1.55 * second.height || second.gap <= 0) return false;
  const [text, next] = [first.segments[0]!, second.text];
  if (first.bullet || second.bullet || BULLET.test(next) || isLoneDate(text) || findRange(next) || isLoneDate(next)) return false;
  const limit = (first.places[1]?.x ?? edge + 1) - 1;
  const firstWord = next.split(' ')[0]!;
  const isFull = head.right + ((tail.right - tail.x) / next.length) * (firstWord.length + 1) > limit;
  const isPhrase = GOES_ON.test(text) || /^[\p{Ll}(&–]/u.test(next);
  const breaksOff = GOES_ON.test(text) && head.right - head.x > 0.55 * (limit - head.x);
  return breaksOff || (isFull && (isPhrase || !differInKind(text, next)));
}

/** Puts phrases together that a narrow column broke. Only the width of the column tells: the next word would not have fitted. */
export function joinWrappedLines(lines: readonly TextLine[]): TextLine[] {
  const edges = rightEdges(lines);
  const joined: TextLine[] = [];
  let last: TextLine | null = null;
  for (const line of lines) {
    const open = joined.at(-1);
    if (open && last && isWrapped({ ...last, segments: open.segments.length > last.segments.length ? open.segments : last.segments }, line, edges.get(`${line.page}.${line.column}`) ?? 0)) {
      const first = open.segments[0]!;
      const segments = [/\p{L}-$/u.test(first) ? first + line.text : `${first} ${line.text}`, ...open.segments.slice(1)];
      joined[joined.length - 1] = { ...open, segments, text: segments.join('  '), places: open.places };
    } else {
      joined.push(line);
    }
    last = line;
  }
  return joined;
}
