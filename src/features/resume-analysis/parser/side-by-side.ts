import type { TextLine } from '../../../infrastructure/documents/text-line.js';
import { findRange, isLoneDate } from './dates.js';

const isDate = (text: string): boolean => isLoneDate(text) || findRange(text)?.raw.length === text.length;

function half(line: TextLine, keep: (x: number) => boolean): TextLine | null {
  const kept = line.segments.flatMap((text, index) => (keep(line.places[index]?.x ?? 0) ? [{ text, place: line.places[index]! }] : []));
  const first = kept[0];
  return first ? { ...line, segments: kept.map(({ text }) => text), places: kept.map(({ place }) => place), text: kept.map(({ text }) => text).join('  '), x: first.place.x } : null;
}

/** Entries that stand beside each other, which a line with two dates gives away, one after the other. */
export function stackSideBySide(lines: readonly TextLine[]): TextLine[] {
  const twoDates = lines.find((line) => line.segments.length === 2 && line.segments.every(isDate) && (line.places[1]?.x ?? 0) > 0);
  const middle = twoDates?.places[1]?.x;
  if (middle === undefined) return [...lines];
  const left = lines.flatMap((line) => half(line, (x) => x < middle - 4) ?? []);
  return [...left, ...lines.flatMap((line) => half(line, (x) => x >= middle - 4) ?? [])];
}
