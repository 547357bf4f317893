import type { ExtractedDocument, TextLine } from '../../src/infrastructure/documents/text-line.js';

/** A line in the order of reading; lengths are in points, letters are half as wide as they are high. */
export interface DrawnLine {
  readonly x?: number;
  readonly height?: number;
  readonly gap?: number;
  readonly font?: string;
  readonly column?: number;
  /** Where the second and later segments begin. */
  readonly at?: readonly number[];
  /** Where the column ends. */
  readonly edge?: number;
}

/** A line with positions; segments are parted by " | ". */
export function line(text: string, { x = 40, height = 10, gap = 14, font = 'plain', column = 0, at = [400], edge = 550 }: DrawnLine = {}): TextLine {
  const segments = text.split(' | ');
  const places = segments.map((segment, index) => {
    const start = index === 0 ? x : at[index - 1]!;
    return { x: start, right: start + segment.length * height * 0.5, font };
  });
  return { segments, places, text: segments.join('  '), x, height, bold: false, bullet: false, page: 1, column, edge, gap };
}

/** A document of the lines. */
export const documentOf = (...lines: readonly TextLine[]): ExtractedDocument => ({ lines, hidden: [], links: [], pages: 1 });
