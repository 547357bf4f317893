import { cleanText } from './text-line.js';

/** A piece of text as the PDF draws it: baseline position, width and height in points. */
export interface DrawnText {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly font: string;
}

/** Pieces on one baseline. */
export interface Row {
  readonly y: number;
  height: number;
  readonly pieces: DrawnText[];
}

/** Pieces of a row that stand close together: what a reader takes as one phrase. */
export interface Segment {
  text: string;
  readonly x: number;
  right: number;
  readonly y: number;
  height: number;
  row: Row;
  isDate: boolean;
  /** The font of the first piece. */
  readonly font: string;
}

const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}]/u;
const MONTH = '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\\.?';
const OTHER = '[^\\p{L}\\p{N}]';
const DATE_ONLY = new RegExp(`^(?:${OTHER}*(?:${MONTH}|present|current|now|today|to|until|since|\\d{1,2}[/.-]?|(?:19|20)\\d\\d(?:-\\d\\d){0,2}|[/–—-]+)${OTHER}*)+$`, 'iu');
const OPEN_RANGE = /^[\w./, ]*(?:19|20)\d\d\s*(?:[-–—]|to|bis)\s*$/i;
const RANGE_END = /^(?:(?:\w{3,9}\.?,?\s+|\d{1,2}[/.])?(?:19|20)\d\d|present|current|now|today|heute)$/i;

export const isDateOnly = (text: string): boolean => /\d{4}/.test(text) && DATE_ONLY.test(text);

/** Pieces without those that are drawn again over themselves, as shadows and false bold are. */
function drawnOnce(pieces: readonly DrawnText[]): DrawnText[] {
  const seen = new Set<string>();
  return pieces.filter(({ text, x, y }) => {
    const key = `${Math.round(x)} ${Math.round(y)} ${text}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** Puts pieces whose baselines are almost the same into rows, the highest first. */
export function groupRows(pieces: readonly DrawnText[]): Row[] {
  const rows: Row[] = [];
  for (const piece of [...pieces].sort((a, b) => b.y - a.y || a.x - b.x)) {
    const near = rows.slice(-12).find((row) => Math.abs(row.y - piece.y) <= Math.max(1.5, 0.25 * Math.min(row.height, piece.height)));
    if (near) {
      near.pieces.push(piece);
      near.height = Math.max(near.height, piece.height);
    } else {
      rows.push({ y: piece.y, height: piece.height, pieces: [piece] });
    }
  }
  return rows;
}

/** A word drawn with wide letter spacing comes as one piece with spaces between its letters, some of which may be missing. */
function closeWord(text: string, letters = 3): string {
  const groups = text.split(' ');
  const single = groups.filter((group) => group.length === 1).length;
  return groups.length >= letters && single >= groups.length - 2 && single >= 2 && groups.every((group) => /^[\p{L}\p{M}&'’.-]{1,2}$/u.test(group)) ? groups.join('') : text;
}

const isRightToLeft = (text: string): boolean => RIGHT_TO_LEFT.test(text);

/** Whether most letters are read from the right, as Hebrew and Arabic are. */
function readsFromRight(texts: readonly string[]): boolean {
  const letters = texts.join('').match(/\p{L}/gu) ?? [];
  return letters.filter(isRightToLeft).length > letters.length / 2;
}

/** Pieces from left to right in the order in which they are read from the right; between them, words of other scripts keep theirs. */
function fromRight(parts: readonly string[]): string {
  const ordered: string[] = [];
  let from = 0;
  for (const part of [...parts].reverse()) {
    if (isRightToLeft(part) || !/[\p{L}\p{N}]/u.test(part)) from = ordered.push(part);
    else ordered.splice(from, 0, part);
  }
  return ordered.join('');
}

/** The segments as a mirror shows them: where lines begin at the right, all that is known of lines that begin at the left holds. */
function mirror(segments: readonly Segment[]): Segment[] {
  const edge = Math.max(0, ...segments.map((segment) => segment.right));
  return segments.map((segment) => ({ ...segment, x: edge - segment.right, right: edge - segment.x }));
}

function segmentsOf(row: Row, pageFromRight: boolean): Segment[] {
  const segments: Segment[] = [];
  const texts = new Map<Segment, string[]>();
  // Beside a spaced word, "D E" is a word as well.
  const letters = row.pieces.some((piece) => closeWord(piece.text) !== piece.text) ? 2 : 3;
  let open: Segment | null = null;
  let wasSpaced = false;
  for (const drawn of row.pieces.sort((a, b) => a.x - b.x)) {
    const piece = { ...drawn, text: closeWord(drawn.text, letters) };
    const gap: number = open ? piece.x - open.right : 0;
    const isSpaced = drawn.text !== piece.text;
    const reach: number = isSpaced && wasSpaced && drawn.font === open?.font ? 2 : 0.9;
    wasSpaced = isSpaced;
    if (open && gap < Math.max(reach * piece.height, 6)) {
      const space = gap > 0.12 * piece.height && !/\s$/.test(open.text) && !/^\s/.test(piece.text) ? ' ' : '';
      open.text += space + piece.text;
      texts.get(open)!.push(space, piece.text);
      open.right = piece.x + piece.width;
      open.height = Math.max(open.height, piece.height);
    } else {
      open = { text: piece.text, x: piece.x, right: piece.x + piece.width, y: row.y, height: piece.height, row, isDate: false, font: piece.font };
      segments.push(open);
      texts.set(open, [piece.text]);
    }
  }
  for (const [segment, parts] of texts) if (pageFromRight ? parts.some(isRightToLeft) : readsFromRight(parts)) segment.text = fromRight(parts);
  return segments;
}

/** "S A R A H" is one word drawn with wide letter spacing; two spaces then part the words. */
function closeLetterSpacing(text: string): string {
  return /^(\S ){3,}\S$/.test(text) ? text.replace(/ {2,}/g, '\u0001').replace(/ /g, '').replace(/\u0001/g, ' ') : text;
}

/** A date on a slightly other baseline belongs to the line beside it, even where a line of another column has its baseline. */
function alignLoneDates(segments: readonly Segment[]): void {
  for (const date of segments) {
    if (!date.isDate) continue;
    let best: { distance: number; segment: Segment } | null = null;
    for (const other of segments) {
      if (other === date || other.isDate) continue;
      const [aside, above] = [Math.max(date.x - other.right, other.x - date.right), Math.abs(other.y - date.y)];
      const distance = aside + 10 * above;
      if (aside > 0 && above < 0.75 * Math.max(other.height, date.height) && (!best || distance < best.distance)) best = { distance, segment: other };
    }
    if (best) date.row = best.segment.row;
  }
}

/** Joins a range that was broken in a narrow column: "2019 –" above "Present". */
function joinBrokenRanges(segments: readonly Segment[]): Segment[] {
  const taken = new Set<Segment>();
  for (const head of segments) {
    if (!OPEN_RANGE.test(head.text)) continue;
    const tails = segments.filter((tail) => tail !== head && RANGE_END.test(tail.text) && Math.abs(tail.x - head.x) < 4 && head.y > tail.y && head.y - tail.y < 2.2 * head.height);
    const nearest = tails.sort((a, b) => b.y - a.y)[0];
    if (!nearest) continue;
    head.text += ` ${nearest.text}`;
    head.isDate = true;
    taken.add(nearest);
  }
  return segments.filter((segment) => !taken.has(segment));
}

/** The phrases of a page, with dates recognised and put on the lines that they belong to. */
export function pageSegments(pieces: readonly DrawnText[]): Segment[] {
  const pageFromRight = readsFromRight(pieces.map(({ text }) => text));
  const drawn = groupRows(drawnOnce(pieces)).flatMap((row) => segmentsOf(row, pageFromRight));
  const segments = pageFromRight ? mirror(drawn) : drawn;
  for (const segment of segments) {
    segment.text = closeLetterSpacing(segment.text.trim());
    segment.text = cleanText(segment.text).replace(/\bT O\b/g, 'to').replace(/\bP R E S E N T\b/g, 'PRESENT');
    segment.isDate = isDateOnly(segment.text);
  }
  const filled = segments.filter((segment) => segment.text !== '');
  alignLoneDates(filled);
  return joinBrokenRanges(filled);
}
