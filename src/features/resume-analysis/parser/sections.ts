import type { TextLine } from '../../../infrastructure/documents/text-line.js';
import { headingOf, type SectionKind } from './headings.js';

export interface Section {
  readonly kind: SectionKind;
  readonly lines: TextLine[];
}

export function median(values: readonly number[], fallback: number): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? fallback;
}

/** A heading that stands in front of its first line, as labels in a left column do. */
function leadingHeading(line: TextLine): { kind: SectionKind; rest: TextLine } | null {
  const first = line.segments[0];
  if (line.segments.length < 2 || first === undefined || first.length >= 30) return null;
  const kind = headingOf(first);
  if (!kind) return null;
  const [segments, places] = [line.segments.slice(1), line.places.slice(1)];
  return { kind, rest: { ...line, segments, places, x: places[0]?.x ?? line.x, text: segments.join('  ') } };
}

/** Capitals in a size above the text, alone on the line, are a heading even where the words are unknown. */
function looksLikeHeading(line: TextLine, known: readonly TextLine[]): boolean {
  return known.length >= 2 && line.segments.length === 1 && !line.bullet && /^\p{Lu}[\p{Lu} /&'-]{4,34}$/u.test(line.text)
    && known.every((heading) => /^[^\p{Ll}]+$/u.test(heading.text) && Math.abs(heading.height - line.height) < 0.2);
}

/** Words of a heading in a smaller size than the headings so far are a label inside a section: "Languages" among skills. */
function isLabel(line: TextLine, kind: SectionKind, current: SectionKind, known: readonly TextLine[], usual: number): boolean {
  if (kind === 'contact' && /^(links|details|info|profiles)$/i.test(line.text) && line.height < usual) return true;
  if (current === 'education' && /^(courses|training|studies)$/i.test(line.text)) return true;
  if (known.length < 2) return false;
  if (current === 'skills' && known.every((heading) => heading.places[0]?.font !== line.places[0]?.font || Math.abs(heading.height - line.height) > 0.08 * heading.height)) return true;
  return line.height < 0.9 * Math.min(...known.map((heading) => heading.height));
}

/** Whether the headings of the document stand to the left of their sections; one alone is a label: "Languages  Python, SQL". */
function headingsAreBeside(lines: readonly TextLine[]): boolean {
  const beside = lines.filter((line) => !line.bullet && leadingHeading(line)).length;
  return beside >= 3 || lines.filter((line) => line.segments.length === 1 && headingOf(line.text)).length < 3;
}

/** A section that goes on at the top of the next column looks there as it did at the foot of the last. */
function goesOn(line: TextLine, current: Section): boolean {
  const last = current.lines.at(-1);
  const font = last?.places[0]?.font ?? '';
  return current.kind !== 'header' && current.kind !== 'contact' && font !== '' && font === line.places[0]?.font && Math.abs(last!.height - line.height) < 0.2 && line.column > last!.column;
}

/** Cuts the lines of a resume at its headings. What stands before the first is the header. */
export function splitSections(lines: readonly TextLine[]): Section[] {
  const beside = headingsAreBeside(lines);
  const usual = median(lines.map((line) => line.height), 10);
  const sections: Section[] = [{ kind: 'header', lines: [] }];
  const lastInColumn = new Map<number, SectionKind>();
  const known: TextLine[] = [];
  let column = lines[0]?.column ?? 0;
  const begin = (kind: SectionKind, first: TextLine[]): void => void sections.push({ kind, lines: first });
  for (const line of lines) {
    const current = sections.at(-1)!;
    if (line.column !== column) {
      lastInColumn.set(column, current.kind);
      // A line over both columns belongs to what is above it, and each column goes on below as it was.
      const before = lastInColumn.get(line.column);
      begin(before ?? (line.page === 1 && line.column > 0 && !goesOn(line, current) ? 'header' : current.kind), []);
      column = line.column;
    }
    const own = line.bullet ? null : headingOf(line.text);
    const leading = own || line.bullet || !beside ? null : leadingHeading(line);
    if (own && !isLabel(line, own, current.kind, known, usual)) {
      known.push(line);
      begin(own, []);
    } else if (leading && !own) {
      begin(leading.kind, [leading.rest]);
    } else if (looksLikeHeading(line, known)) {
      begin('other', []);
    } else {
      sections.at(-1)!.lines.push(line);
    }
  }
  return sections;
}

export const linesOf = (sections: readonly Section[], ...kinds: SectionKind[]): TextLine[] =>
  kinds.flatMap((kind) => sections.filter((section) => section.kind === kind).flatMap((section) => section.lines));
