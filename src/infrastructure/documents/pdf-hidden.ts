import { SMALLEST_SIZE } from './colours.js';
import type { Box } from './page-geometry.js';
import type { Glyph, PdfDrawing, Run } from './pdf-drawing.js';
import type { DrawnText } from './pdf-segments.js';
import { unseenRuns } from './pdf-visibility.js';

/** A piece of text with the size of its letters in points, whichever way it is turned. */
export interface SizedText extends DrawnText {
  readonly size: number;
}

export interface SeenAndHidden {
  readonly seen: readonly DrawnText[];
  readonly hidden: readonly DrawnText[];
}

interface JudgedGlyph extends Glyph {
  readonly hidden: boolean;
  readonly right: number;
}

/** How far a shadow or false bold lies from its text; in points. */
const SHADOW = 3;

/** The letters of a text in one order, since text of scripts from the right comes turned round. */
const letters = (text: string): string => [...text.normalize('NFKC').replace(/[\s\uE000-\uF8FF]/g, '')].sort().join('');

/** The glyphs of the page by their baselines, rounded to points. */
function byBaseline(runs: readonly Run[], unseen: ReadonlySet<Run>): ReadonlyMap<number, readonly JudgedGlyph[]> {
  const found = new Map<number, JudgedGlyph[]>();
  for (const run of runs) {
    run.glyphs.forEach((glyph, index) => {
      const key = Math.round(glyph.y);
      const row = found.get(key) ?? [];
      row.push({ ...glyph, hidden: unseen.has(run), right: (run.glyphs[index + 1] ?? run.end).x });
      found.set(key, row);
    });
  }
  return found;
}

function glyphsOf(piece: SizedText, rows: ReadonlyMap<number, readonly JudgedGlyph[]>): JudgedGlyph[] {
  const key = Math.round(piece.y);
  const reach = Math.min(0.5, piece.size / 5);
  return [key - 1, key, key + 1].flatMap((row) => rows.get(row) ?? []).filter((glyph) =>
    glyph.text.trim() !== '' && Math.abs(glyph.y - piece.y) < 1 && glyph.x >= piece.x - reach && glyph.x < piece.x + Math.max(piece.width - reach, reach));
}

/** One piece for glyphs that follow each other, either all seen or all hidden. */
function pieceOf(glyphs: readonly JudgedGlyph[], { y, size, height, font }: SizedText): DrawnText {
  const text = glyphs.map((glyph, index) => (index > 0 && glyph.x - glyphs[index - 1]!.right > 0.12 * size ? ` ${glyph.text}` : glyph.text)).join('');
  return { text: text.normalize('NFKC'), x: glyphs[0]!.x, y, width: glyphs.at(-1)!.right - glyphs[0]!.x, height, font };
}

/** Parts a piece that is seen at one place and hidden at another, as where hidden words follow a name on its line. */
function split(piece: SizedText, glyphs: readonly JudgedGlyph[]): SeenAndHidden {
  const groups: JudgedGlyph[][] = [];
  for (const glyph of glyphs) {
    const open = groups.at(-1);
    if (open?.[0]!.hidden === glyph.hidden) open.push(glyph);
    else groups.push([glyph]);
  }
  const pieces = (hidden: boolean): DrawnText[] => groups.filter(([first]) => first!.hidden === hidden).map((group) => pieceOf(group, piece));
  return { seen: pieces(false), hidden: pieces(true) };
}

function judge(piece: SizedText, rows: ReadonlyMap<number, readonly JudgedGlyph[]>): SeenAndHidden {
  const glyphs = glyphsOf(piece, rows);
  const [hidden, seen] = [true, false].map((kind) => glyphs.filter((glyph) => glyph.hidden === kind).map(({ text }) => text).join(''));
  const own = letters(piece.text);
  if (hidden === '' || letters(seen!) === own) return { seen: [piece], hidden: [] };
  if (seen === '' || letters(hidden!) === own) return { seen: [], hidden: [piece] };
  return split(piece, glyphs);
}

/**
 * Parts the text of a page into what a person sees and what only a program finds. Shadows of text that is seen are left out
 * of both, and text beside the page never gets here: the reader passes over it.
 */
export function separateHidden(pieces: readonly SizedText[], drawing: PdfDrawing, page: Box): SeenAndHidden {
  const unseen = unseenRuns(drawing, page);
  const rows = unseen.size > 0 ? byBaseline(drawing.runs, unseen) : new Map<number, JudgedGlyph[]>();
  const parts = pieces.map((piece): SeenAndHidden => {
    if (piece.size < SMALLEST_SIZE) return { seen: [], hidden: [piece] };
    return unseen.size > 0 ? judge(piece, rows) : { seen: [piece], hidden: [] };
  });
  const seen = parts.flatMap((part) => part.seen);
  const hidden = parts.flatMap((part) => part.hidden);
  const isShadow = (piece: DrawnText): boolean => seen.some(({ text, x, y }) => text.trim() === piece.text.trim() && Math.abs(x - piece.x) < SHADOW && Math.abs(y - piece.y) < SHADOW);
  return { seen, hidden: hidden.filter((piece) => !isShadow(piece)) };
}
