import { BLACK, blends, parseColour, SMALLEST_SIZE, WHITE, type Rgb } from './colours.js';

type Declarations = ReadonlyMap<string, string>;

/** What decides how an element's text is seen; null where it is not known, as in front of a picture. */
export interface HtmlLook {
  /** Left out of the page with all that is inside. */
  readonly absent: boolean;
  /** Not painted, which what is inside may undo. */
  readonly invisible: boolean;
  readonly colour: Rgb | null;
  readonly shade: Rgb | null;
  /** Points. */
  readonly size: number;
  readonly bold: boolean;
  /** Whether the children stand beside each other. */
  readonly row: boolean;
}

export const PAGE_LOOK: HtmlLook = { absent: false, invisible: false, colour: BLACK, shade: WHITE, size: 12, bold: false, row: false };

const NAMED: Readonly<Record<string, Rgb>> = { white: WHITE, black: BLACK, snow: [255, 250, 250], ivory: [255, 255, 240], whitesmoke: [245, 245, 245], gray: [128, 128, 128], grey: [128, 128, 128], navy: [0, 0, 128] };
const POINTS: Readonly<Record<string, number>> = { pt: 1, px: 0.75, em: 12, rem: 12, mm: 2.83 };
const FAR_PIXELS = 900;
const MOST_RULES = 2_000;
const LONGEST_SHEET = 200_000;
const BOLD = /^(?:b|strong|h[1-6]|th|dt)$/;

/** A colour of CSS; null where it is none that is known, also where it can be seen through. */
function colourOf(text: string): Rgb | null {
  const value = text.trim().toLowerCase();
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/.exec(value);
  if (short) return parseColour(short.slice(1).map((digit) => digit + digit).join(''));
  if (/^#[0-9a-f]{8}$/.test(value)) return value.endsWith('ff') ? parseColour(value.slice(0, 7)) : null;
  const grey = /^hsl\(\s*\d{1,3}(?:deg)?[\s,]+0%?[\s,]+(\d{1,3})%\s*\)$/.exec(value);
  if (grey) return [Number(grey[1]) * 2.55, Number(grey[1]) * 2.55, Number(grey[1]) * 2.55];
  const numbers = /^rgb\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})\s*\)$/.exec(value);
  if (numbers) return [Number(numbers[1]), Number(numbers[2]), Number(numbers[3])];
  return NAMED[value] ?? parseColour(value);
}

function declarationsOf(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const declaration of text.slice(0, 5_000).split(';')) {
    const colon = declaration.indexOf(':');
    if (colon > 0) found.set(declaration.slice(0, colon).trim().toLowerCase(), declaration.slice(colon + 1).replace(/!important/i, '').trim().toLowerCase());
  }
  return found;
}

/** The size of letters in points, where it is said; shares are those of the letters around. */
function sizeOf(text: string | undefined, outer: number): number | null {
  const share = /^(\d{0,4}\.?\d{0,4})(%|em)$/.exec(text ?? '');
  return share ? outer * Number(share[1]) / (share[2] === '%' ? 100 : 1) : lengthOf(text);
}

const lengthOf = (text: string | undefined): number | null => {
  const match = /^(-?\d{0,6}\.?\d{0,4})(pt|px|em|rem|mm)?$/.exec(text ?? '');
  return match && match[1] !== '' ? Number(match[1]) * (POINTS[match[2] ?? 'px'] ?? 0.75) : null;
};

/** Whether the element was put where no page shows it. */
function isAway(said: Declarations): boolean {
  const placed = /^(?:absolute|fixed)$/.test(said.get('position') ?? '');
  const away = ['left', 'top', 'right'].some((side) => Math.abs(lengthOf(said.get(side)) ?? 0) > FAR_PIXELS);
  return (placed && away) || Math.abs(lengthOf(said.get('text-indent')) ?? 0) > FAR_PIXELS || /^rect\(\s*0/.test(said.get('clip') ?? '');
}

function withoutComments(sheet: string): string {
  const parts: string[] = [];
  for (let at = 0; at < sheet.length;) {
    const begin = sheet.indexOf('/*', at);
    parts.push(sheet.slice(at, begin < 0 ? undefined : begin));
    const end = begin < 0 ? -1 : sheet.indexOf('*/', begin + 2);
    if (end < 0) break;
    at = end + 2;
  }
  return parts.join(' ');
}

/** Selectors and declarations of the rules that hold for every page; those within @media and the like are left out. */
function rulesOf(sheet: string): [string, string][] {
  const rules: [string, string][] = [];
  let [depth, begin, selectors] = [0, 0, ''];
  for (const { 0: brace, index } of sheet.matchAll(/[{}]/g)) {
    if (brace === '{') {
      if (depth === 0) [selectors, begin] = [sheet.slice(begin, index).trim().slice(0, 1_000), index + 1];
      depth += 1;
    } else if (depth > 0) {
      depth -= 1;
      if (depth > 0) continue;
      if (!selectors.startsWith('@')) rules.push([selectors, sheet.slice(begin, index)]);
      begin = index + 1;
    }
  }
  return rules;
}

/** The rules of a page's own style sheets that ask for one element, class or id; others are left aside, in doubt text is seen. */
export class HtmlStyles {
  private readonly rules = new Map<string, Map<string, string>>();

  add(sheet: string): void {
    for (const [selectors, text] of rulesOf(withoutComments(sheet.slice(0, LONGEST_SHEET)))) {
      for (const selector of selectors.split(',').map((one) => one.trim())) {
        if (this.rules.size >= MOST_RULES || !/^(?:[a-z][a-z0-9]*|[.#][\w-]+)$/i.test(selector)) continue;
        const known = this.rules.get(selector) ?? new Map<string, string>();
        for (const [name, value] of declarationsOf(text)) known.set(name, value);
        this.rules.set(selector, known);
      }
    }
  }

  /** The look of an element inside one that looks like `outer`. */
  look(outer: HtmlLook, name: string, attributes: Readonly<Record<string, string>>): HtmlLook {
    const said = new Map(this.rules.get(name));
    const named = [...(attributes['class'] ?? '').slice(0, 1_000).split(/\s+/).map((one) => `.${one}`), `#${attributes['id'] ?? ''}`];
    for (const selector of named) for (const [property, value] of this.rules.get(selector) ?? []) said.set(property, value);
    for (const [property, value] of declarationsOf(attributes['style'] ?? '')) said.set(property, value);
    const visibility = said.get('visibility');
    const absent = said.get('display') === 'none' || Number(said.get('opacity') ?? 1) < 0.05 || 'hidden' in attributes || isAway(said);
    const background = said.get('background-color') ?? said.get('background');
    const ground = /url\(|gradient/.test(`${background} ${said.get('background-image') ?? ''}`) ? null : background === undefined || /^(?:none|transparent|inherit|initial)/.test(background) ? outer.shade : colourOf(background);
    const colour = said.get('color') ?? attributes['color'];
    return {
      absent: outer.absent || absent,
      invisible: visibility === undefined || visibility === 'inherit' ? outer.invisible : visibility !== 'visible',
      colour: colour === undefined || colour === 'inherit' ? outer.colour : colourOf(colour),
      shade: attributes['bgcolor'] === undefined ? ground : colourOf(attributes['bgcolor']),
      size: sizeOf(said.get('font-size'), outer.size) ?? outer.size,
      bold: /^(?:bold|[6-9]00)/.test(said.get('font-weight') ?? '') || (outer.bold && !said.has('font-weight')) || BOLD.test(name),
      row: /^(?:inline-)?(?:flex|grid)$/.test(said.get('display') ?? '') && !/column/.test(said.get('flex-direction') ?? ''),
    };
  }
}

/** Whether nobody sees text of this look. In doubt it is seen. */
export const isUnseen = ({ absent, invisible, colour, shade, size }: HtmlLook): boolean => absent || invisible || size < SMALLEST_SIZE || (colour !== null && shade !== null && blends(colour, shade));
