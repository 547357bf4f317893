import { blends, WHITE } from './colours.js';
import { contains, type Box, type Point } from './page-geometry.js';
import type { Colour, Paint, PdfDrawing, Run } from './pdf-drawing.js';

/** More possible backgrounds than this are not told apart. */
const MAX_BACKGROUNDS = 8;
/** Share of the page that a scan covers at least. */
const SCAN = 0.5;

const mix = (below: Colour, { colour, alpha }: Paint): Colour =>
  alpha > 0.99 ? colour : below && colour && (below.map((value, index) => value + (colour[index]! - value) * alpha) as unknown as Colour);

/** The colours that a point of the page may have after the first `order` areas; null stands for any. */
function backgrounds(paints: readonly Paint[], order: number, point: Point): readonly Colour[] {
  let found: Colour[] = [WHITE];
  for (let index = 0; index < order; index += 1) {
    const paint = paints[index]!;
    if (!contains(paint.box, point)) continue;
    const painted = found.map((below) => mix(below, paint));
    found = paint.exact ? painted : [...found, ...painted];
    if (found.length > MAX_BACKGROUNDS) return [null];
  }
  return found;
}

/** Three points in the middle of the letters: at the begin, at the middle and at the end of the run. */
function pointsOf({ glyphs, end, rise }: Run): readonly Point[] {
  const start = glyphs[0]!;
  return [0.5, 0.04, 0.96].map((share) => ({ x: start.x + (end.x - start.x) * share + rise.x, y: start.y + (end.y - start.y) * share + rise.y }));
}

function blendsIn({ inks, order }: Run, paints: readonly Paint[], points: readonly Point[]): boolean {
  if (inks.some(({ colour }) => colour === null)) return false;
  // Most text is seen at its first point already, and costs no more then.
  return points.every((point) => backgrounds(paints, order, point).every((behind) => behind !== null && inks.every(({ colour, alpha }) => blends(colour!, behind, alpha))));
}

const covers = (paint: Paint, points: readonly Point[]): boolean => paint.exact && paint.colour !== null && paint.alpha > 0.99 && points.every((point) => contains(paint.box, point));

const isWritten = (run: Run): boolean => run.glyphs.some(({ text }) => text.trim() !== '');

const area = (box: Box): number => Math.max(0, box.right - box.left) * Math.max(0, box.top - box.bottom);

/** Whether pictures fill so much of the page that they may be all of it; scanners cut a page into strips. */
export function showsPicture({ paints }: PdfDrawing, page: Box): boolean {
  const pictures = paints.filter(({ isPicture }) => isPicture);
  return pictures.reduce((sum, { box }) => sum + area(box), 0) >= SCAN * area(page);
}

/** A scan has a picture of the page and all its words a second time, invisible, so that they can be searched. */
const isScan = (drawing: PdfDrawing, page: Box): boolean => drawing.runs.every((run) => run.invisible || !isWritten(run)) && showsPicture(drawing, page);

/**
 * The runs that nobody sees: drawn in the colour of what is behind them, fully transparent, in the invisible rendering
 * mode, cut off, or covered afterwards. In doubt, as above a picture or a pattern, a run counts as seen.
 */
export function unseenRuns(drawing: PdfDrawing, page: Box): ReadonlySet<Run> {
  const { paints, runs } = drawing;
  const scan = isScan(drawing, page);
  return new Set(runs.filter((run) => {
    if (!isWritten(run)) return false;
    if (run.invisible) return !scan;
    const points = pointsOf(run);
    if (points.every((point) => !contains(run.clip, point))) return true;
    return blendsIn(run, paints, points) || paints.slice(run.order).some((paint) => covers(paint, points));
  }));
}
