import type { Block, PageSize, TextRun } from './document-model.js';
import type { StyledText, TextStyle } from './text-pieces.js';

const INK = '#1f2328';
const GREY = '#57606a';
const ACCENT = '#1f4f7a';

/** Points. */
export const PAGE_SIZES: Readonly<Record<PageSize, readonly [number, number]>> = { A4: [595.28, 841.89], Letter: [612, 792] };
export const MARGIN = { side: 56, top: 50, bottom: 50 } as const;
export const INDENT = 12;
export const RULE = { color: '#b6c2ce', width: 0.7 } as const;

export const STYLES = {
  title: { size: 24, weight: 'bold', color: INK },
  subtitle: { size: 12.5, weight: 'regular', color: ACCENT },
  details: { size: 9, weight: 'regular', color: GREY },
  heading: { size: 12, weight: 'bold', color: ACCENT },
  body: { size: 10, weight: 'regular', color: INK },
  bullet: { size: 10, weight: 'regular', color: ACCENT },
  right: { size: 9, weight: 'regular', color: GREY },
} as const satisfies Readonly<Record<string, TextStyle>>;

/** Points from the top of a line to that of the next, for a size of 1. */
export const LEADING = 1.42;

/** Points of space above a block. */
export function spaceAbove(block: Block): number {
  switch (block.kind) {
    case 'title':
      return 0;
    case 'heading':
      return 15;
    case 'keyLine':
      return block.first ? 8 : 0;
    case 'details':
      return 5;
    case 'list':
      return 2.5;
    default:
      return block.apart ? 10 : 4;
  }
}

export const styled = (runs: readonly TextRun[], style: TextStyle): StyledText[] =>
  runs.map(({ text, bold, muted, link }) => ({ text, link, style: { size: style.size, weight: bold ? 'bold' : style.weight, color: link !== undefined && !muted ? ACCENT : muted ? GREY : style.color } }));
