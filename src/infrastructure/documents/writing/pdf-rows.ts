import { joinDetails, SEPARATOR, type Block } from './document-model.js';
import { breakLines, type Measure } from './line-breaker.js';
import { INDENT, LEADING, spaceAbove, styled, STYLES } from './pdf-styles.js';
import { isolated, type StyledText, type TextStyle } from './text-pieces.js';

/** What a block is for a screen reader: heading, paragraph or list, by the names of PDF. */
export type Role = 'H1' | 'H2' | 'P' | 'LI';

/** One line of a page. */
export interface Row {
  readonly texts: readonly StyledText[];
  /** Set flush at the other end of the line. */
  readonly right: readonly StyledText[];
  /** Rows of one paragraph or item share it. */
  readonly part: object;
  readonly role: Role;
  /** Items of one list share it. */
  readonly list?: object;
  /** Points from where lines begin. */
  readonly indent: number;
  /** Points above, which the top of a page swallows. */
  readonly space: number;
  readonly height: number;
  /** Stands on the page of the row after it. */
  readonly staysWithNext: boolean;
  /** A line is drawn below it over the full width. */
  readonly ruled: boolean;
}

type RowParts = Partial<Row> & Pick<Row, 'role'>;

const GAP = 16;
const plain = (text: string, style: TextStyle): StyledText[] => [{ text, style }];

/** A paragraph's first two lines stay together, and its last two. */
const staysTogether = (index: number, count: number): boolean => count > 1 && (index === 0 || index === count - 2);

const withoutLastBar = (row: Row): Row => (row.texts.at(-1)?.text.trim() === SEPARATOR ? { ...row, texts: row.texts.slice(0, -1) } : row);

/** Sets blocks as lines of the given width in points. */
export class RowSetter {
  constructor(
    private readonly width: number,
    private readonly measure: Measure,
  ) {}

  rowsOf(block: Block): Row[] {
    const space = spaceAbove(block);
    switch (block.kind) {
      case 'title':
        return [
          ...this.lines(plain(block.text, STYLES.title), { role: 'H1', space, staysWithNext: true }, 1.3),
          ...this.lines(plain(block.subtitle ?? '', STYLES.subtitle), { role: 'P', space: 1, staysWithNext: true }),
        ];
      case 'heading':
        return this.lines(plain(block.text, STYLES.heading), { role: 'H2', space, staysWithNext: true, ruled: true });
      case 'keyLine':
        return this.keyLine(block, space);
      case 'list':
        return this.list(block.items, space);
      case 'details':
        return this.lines(isolated(styled(joinDetails(block.items), STYLES.details)), { role: 'P', space }, 1.5).map(withoutLastBar);
      default:
        return this.lines(styled(block.runs, STYLES.body), { role: 'P', space });
    }
  }

  private lines(texts: readonly StyledText[], parts: RowParts, leading: number = LEADING): Row[] {
    const lines = breakLines(texts, this.width - (parts.indent ?? 0), this.measure);
    const part = {};
    return lines.map((line, index) => ({
      right: [], part, indent: 0, ruled: false, ...parts, texts: line,
      space: index === 0 ? parts.space ?? 0 : 0, height: leading * Math.max(...line.map(({ style }) => style.size)),
      staysWithNext: parts.staysWithNext === true || staysTogether(index, lines.length),
    }));
  }

  private keyLine({ runs, right }: Extract<Block, { kind: 'keyLine' }>, space: number): Row[] {
    const end = plain(right ?? '', STYLES.right);
    const taken = right === undefined || right === '' ? 0 : this.measure(end) + GAP;
    // What is too wide to stand beside text goes on a line of its own.
    if (taken > this.width / 2) return [...this.keyLine({ kind: 'keyLine', runs, first: true }, space), ...this.lines(end, { role: 'P', staysWithNext: true })];
    const rows = new RowSetter(this.width - taken, this.measure).lines(styled(runs, STYLES.body), { role: 'P', space, staysWithNext: true });
    return rows.map((row, index) => (index === 0 && taken > 0 ? { ...row, right: end } : row));
  }

  private list(items: Extract<Block, { kind: 'list' }>['items'], space: number): Row[] {
    const list = {};
    return items.flatMap((runs, index) => this.lines(styled(runs, STYLES.body), { role: 'LI', list, indent: INDENT, space: index === 0 ? space : 1.5 }));
  }
}

/** Cuts rows into pages: what belongs together stays together unless it is longer than a page. */
export function paginate(rows: readonly Row[], height: number): { readonly row: Row; readonly top: number }[][] {
  const pages: { row: Row; top: number }[][] = [[]];
  let y = 0;
  for (let start = 0; start < rows.length; ) {
    let end = start;
    while (rows[end]!.staysWithNext && end + 1 < rows.length) end += 1;
    const chain = rows.slice(start, end + 1);
    const needed = chain.reduce((sum, row) => sum + row.space + row.height, 0);
    if (y > 0 && y + needed > height && needed <= height) [y] = [0, pages.push([])];
    for (const row of chain) {
      if (y > 0 && y + row.space + row.height > height) [y] = [0, pages.push([])];
      const top = y + (y > 0 ? row.space : 0);
      pages.at(-1)!.push({ row, top });
      y = top + row.height;
    }
    start = end + 1;
  }
  return pages;
}
