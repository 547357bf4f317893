/** Where a segment of a line stands and in which font; zero and empty in formats that tell neither. */
export interface Place {
  readonly x: number;
  readonly right: number;
  /** A name that is the same wherever the document uses the same font, weight and slant. */
  readonly font: string;
}

/** A line of a document as a reader sees it, with what tells headings, columns and lists apart. Lengths are in points. */
export interface TextLine {
  /** Parts of the line that stand apart, for example a title on the left and a date on the right. */
  readonly segments: readonly string[];
  /** One for each segment. */
  readonly places: readonly Place[];
  /** The segments joined by two spaces. */
  readonly text: string;
  readonly x: number;
  readonly height: number;
  readonly bold: boolean;
  readonly bullet: boolean;
  readonly page: number;
  /** 0 for lines over the full width, 1 and 2 for the left and right of two columns. */
  readonly column: number;
  /** Where the widest line of the column on this page ends; zero in formats without positions. */
  readonly edge: number;
  /** Distance of the baseline from that of the line before in the same column. */
  readonly gap: number;
}

/** A line that is in the file and that a person who looks at it does not see. */
export interface HiddenLine {
  readonly text: string;
  /** How many of the document's lines come before it; in a PDF, those of the pages before. */
  readonly after: number;
}

/** The text of a document in reading order, without what nobody sees, and the addresses of its links. */
export interface ExtractedDocument {
  readonly lines: readonly TextLine[];
  readonly hidden: readonly HiddenLine[];
  readonly links: readonly string[];
  readonly pages: number;
}

/** Most characters that are read from one document; a resume has some thousand. */
export const TEXT_LIMIT = 300_000;

/** Spaces folded, ligatures and full-width forms as ordinary letters, icons of symbol fonts removed. */
export const cleanText = (text: string): string => text.normalize('NFKC').replace(/[\uE000-\uF8FF\u0000-\u0008\u200B-\u200F\uFEFF]/g, '').replace(/\s+/g, ' ').trim();

/** A line of a format that has no positions. */
export function plainLine(segments: readonly string[], options: Partial<Pick<TextLine, 'bold' | 'bullet' | 'height'>> = {}): TextLine {
  const x = options.bullet ? 20 : 0;
  const places = segments.map(() => ({ x, right: 0, font: options.bold ? 'bold' : '' }));
  return { segments, places, text: segments.join('  '), x, height: 11, bold: false, bullet: false, page: 1, column: 0, edge: 0, gap: 12, ...options };
}

const MAX_HIDDEN_LINES = 100;
const MAX_HIDDEN_LENGTH = 500;

/** Collects the first hidden lines of a document, each cut to a length that can be shown. */
export class HiddenLines {
  readonly found: HiddenLine[] = [];

  add(text: string, after: number): void {
    const clean = cleanText(text).slice(0, MAX_HIDDEN_LENGTH);
    if (clean !== '' && this.found.length < MAX_HIDDEN_LINES) this.found.push({ text: clean, after });
  }
}
