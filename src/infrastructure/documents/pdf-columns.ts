import type { Row, Segment } from './pdf-segments.js';
import type { TextLine } from './text-line.js';

/** Tells the names of sections; the caller knows what its documents are about. */
export type IsHeading = (text: string) => boolean;

interface Gutter {
  readonly x: number;
  readonly score: number;
  readonly crossing: ReadonlySet<Segment>;
}

/** Share of the values that agree when rounded to the step: how well a side is aligned. */
function alignment(values: readonly number[], step: number): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(Math.round(value / step), (counts.get(Math.round(value / step)) ?? 0) + 1);
  return Math.max(0, ...counts.values()) / Math.max(1, values.length);
}

function height(segments: readonly Segment[]): number {
  const ys = segments.map((segment) => segment.y);
  return Math.max(...ys) - Math.min(...ys);
}

const share = (segments: readonly Segment[], test: (segment: Segment) => boolean): number => segments.filter(test).length / Math.max(1, segments.length);

/** A long address in a narrow column reaches over its edge without belonging to both columns. */
const sticksOut = (segment: Segment, x: number): boolean => Math.min(x - segment.x, segment.right - x) < 0.2 * (segment.right - segment.x);

/** How much a vertical line at x looks like the space between two columns; null where it cannot be one. */
function judge(x: number, body: readonly Segment[], pageHeight: number, isHeading: IsHeading): Gutter | null {
  const crossing = body.filter((segment) => segment.x < x - 1 && segment.right > x + 1 && !sticksOut(segment, x));
  const left = body.filter((segment) => segment.right <= x + 1);
  const right = body.filter((segment) => segment.x >= x - 1);
  if (left.length < 4 || right.length < 4 || crossing.length > Math.max(1, body.length * 0.1)) return null;
  if (height(left) < pageHeight * 0.12 || height(right) < pageHeight * 0.12) return null;
  const aligned = alignment(right.map((segment) => segment.x), 4);
  if (aligned < 0.35) return null;
  // A column of labels, or of headings only, belongs to the lines beside it.
  if (share(left, (segment) => isHeading(segment.text)) > 0.6 || share(right, (segment) => isHeading(segment.text)) > 0.5) return null;
  const leftRows = new Set<Row>(left.map((segment) => segment.row));
  const sameRow = right.filter((segment) => leftRows.has(segment.row)).length / Math.min(left.length, right.length);
  // Places and dates that are set flush right are the ends of lines, not a column.
  const flushRight = alignment(right.map((segment) => segment.right), 3);
  if (flushRight > 0.6 && sameRow > 0.6 && right.length < left.length * 0.6) return null;
  if (sameRow > 0.85 && right.length < left.length * 0.4) return null;
  return { x, score: aligned * 5 - crossing.length * 3 - (sameRow > 0.9 ? 4 : 0), crossing: new Set(crossing) };
}

function findGutter(segments: readonly Segment[], isHeading: IsHeading): Gutter | null {
  const body = segments.filter((segment) => !segment.isDate);
  if (body.length < 10 || body.length > 2_000) return null;
  const pageHeight = Math.max(height(segments), 1);
  const from = Math.min(...body.map((segment) => segment.x));
  const to = Math.max(...body.map((segment) => segment.right));
  let best: Gutter | null = null;
  for (let x = from + 40; x < to - 40; x += 3) {
    const gutter = judge(x, body, pageHeight, isHeading);
    if (gutter && (!best || gutter.score > best.score)) best = gutter;
  }
  return best;
}

type PlacedLine = TextLine & { readonly y: number };

function linesOf(segments: readonly Segment[], page: number, column: number): PlacedLine[] {
  const rows = new Map<Row, Segment[]>();
  for (const segment of segments) rows.set(segment.row, [...(rows.get(segment.row) ?? []), segment]);
  return [...rows].sort(([a], [b]) => b.y - a.y).map(([row, parts]) => {
    parts.sort((a, b) => a.x - b.x);
    return {
      segments: parts.map((part) => part.text), places: parts.map(({ x, right, font }) => ({ x, right, font })), text: parts.map((part) => part.text).join('  '), x: parts[0]!.x,
      height: Math.max(...parts.map((part) => part.height)), bold: false, bullet: false, page, column, edge: 0, gap: 0, y: row.y,
    };
  });
}

/** The lines of a page in reading order: two columns are read one after the other, between lines that cross them. */
export function orderLines(segments: readonly Segment[], page: number, isHeading: IsHeading): TextLine[] {
  const gutter = findGutter(segments, isHeading);
  const lines: PlacedLine[] = [];
  if (!gutter) {
    lines.push(...linesOf(segments, page, 0));
  } else {
    const crossing = segments.filter((segment) => gutter.crossing.has(segment)).sort((a, b) => b.y - a.y);
    const rest = segments.filter((segment) => !gutter.crossing.has(segment));
    const isLeft = (segment: Segment): boolean => (segment.x + segment.right) / 2 < gutter.x;
    let top = Infinity;
    for (const cut of [...crossing, null]) {
      const bottom = cut?.y ?? -Infinity;
      const band = rest.filter((segment) => segment.y < top && segment.y > bottom);
      lines.push(...linesOf(band.filter(isLeft), page, 1), ...linesOf(band.filter((segment) => !isLeft(segment)), page, 2));
      if (cut) lines.push(...linesOf([cut, ...rest.filter((segment) => segment.row === cut.row)], page, 0));
      top = bottom;
    }
  }
  const edges = [0, 1, 2].map((column) => Math.max(0, ...lines.filter((line) => line.column === column).flatMap((line) => line.places.map((place) => place.right))));
  return lines.map((line, index) => {
    const before = lines[index - 1];
    const { y, ...own } = line;
    return { ...own, edge: edges[line.column]!, gap: before?.column === line.column ? before.y - y : 99 };
  });
}
