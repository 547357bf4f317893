import type { TextLine } from '../../../infrastructure/documents/text-line.js';
import { findRange, isLoneDate } from './dates.js';

const MOST_CANDIDATES = 12;
const isDate = (text: string): boolean => isLoneDate(text) || findRange(text)?.raw.length === text.length;

/** The part of a line on one side, moved by the shift, so that both blocks stand in one place. */
function half(line: TextLine, keep: (x: number) => boolean, shift = 0): TextLine | null {
  const kept = line.segments.flatMap((text, index) => (keep(line.places[index]?.x ?? 0) ? [{ text, place: line.places[index]! }] : []));
  const first = kept[0];
  if (!first) return null;
  const places = kept.map(({ place }) => ({ ...place, x: place.x - shift, right: place.right - shift }));
  return { ...line, segments: kept.map(({ text }) => text), places, text: kept.map(({ text }) => text).join('  '), x: first.place.x - shift, edge: 0 };
}

/** Where the right one of two blocks begins: several lines have their second part there, and both sides have dates of their own. */
function middleOf(lines: readonly TextLine[]): number | null {
  const pairs = lines.filter((line) => line.segments.length === 2 && (line.places[1]?.x ?? 0) > 0);
  const candidates = [...new Set(pairs.map((line) => Math.round(line.places[1]!.x)))].slice(0, MOST_CANDIDATES);
  for (const x of candidates) {
    if (pairs.filter((line) => Math.abs(line.places[1]!.x - x) < 2).length < 2) continue;
    const sides = [lines.flatMap((line) => half(line, (at) => at < x - 4) ?? []), lines.flatMap((line) => half(line, (at) => at >= x - 4) ?? [])];
    if (sides.every((side) => side.some((line) => line.segments.some(isDate)) && side.some((line) => !isDate(line.text)))) return x;
  }
  return null;
}

/** Entries that stand beside each other, one after the other. */
export function stackSideBySide(lines: readonly TextLine[]): TextLine[] {
  const middle = middleOf(lines);
  if (middle === null) return [...lines];
  const left = lines.flatMap((line) => half(line, (x) => x < middle - 4) ?? []);
  const shift = middle - Math.min(middle, ...left.map((line) => line.x));
  return [...left, ...lines.flatMap((line) => half(line, (x) => x >= middle - 4, shift) ?? [])];
}
