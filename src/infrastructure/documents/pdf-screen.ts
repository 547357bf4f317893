import { BLACK, blends, WHITE, type Rgb } from './colours.js';
import { tooComplex } from './document-error.js';
import { boxOf, IDENTITY, keepsAxes, multiply, type Box, type Matrix } from './page-geometry.js';

interface State {
  /** Null where it is not known. */
  readonly fill: Rgb | null;
  readonly matrix: Matrix;
}

/** Strings and comments are passed over, so that what they say is not taken for instructions. */
const TOKEN = /\((?:[^()\\]|\\[^]|\((?:[^()\\]|\\[^])*\))*\)|%[^\r\n]*|<[0-9a-fA-F\s]*>|(\()|(?<![^\s)>\]])((?:[-+.\d]+\s+)*)(rg|g|k|scn?|cm|re|[mlcvynSs]|f\*?|F|[Bb]\*?|[qQ]|T[jJrmdDfcz*]|BT|['"]|Do|BI|sh)(?=[\s/[(<]|$)/g;
const SHOWS = /^(?:T[jJ]|['"])$/;
const FILLS = /^(?:f\*?|F|[Bb]\*?)$/;
/** Areas that are thinner than this, or smaller than a letter or two, hide no text; in points. */
const [THIN, SMALL] = [2, 6];
/** How wide letters are on average at most, of their height; letters that are set further apart are looked at. */
const WIDTH = 0.8;
/** Comparisons of a text and an area; a file that needs more is looked at. */
const MAX_COMPARISONS = 200_000;
/** Bytes of instructions that are skimmed; a page of a resume has some ten thousand. */
const LONGEST = 1_048_576;
/** Bytes of instructions in a file; a closer look at more would take seconds. */
const MOST = 8 * 1_048_576;

function colourOf(operator: string, values: readonly number[]): Rgb | null {
  const [a = 0, b = 0, c = 0, d = 0] = values.map((value) => Math.min(1, Math.max(0, value)));
  if (operator === 'g' && values.length === 1) return [a * 255, a * 255, a * 255];
  if (operator === 'rg' && values.length === 3) return [a * 255, b * 255, c * 255];
  if (operator === 'k' && values.length === 4) return [(1 - a) * (1 - d) * 255, (1 - b) * (1 - d) * 255, (1 - c) * (1 - d) * 255];
  return null;
}

interface Area {
  readonly fill: Rgb;
  readonly box: Box;
  /** A rectangle; other shapes lie somewhere in the box. */
  readonly exact: boolean;
}

const touch = (one: Box, other: Box): boolean => one.left < other.right && other.left < one.right && one.bottom < other.top && other.bottom < one.top;
const holds = (outer: Box, { left, bottom, right, top }: Box): boolean => outer.left <= left && outer.bottom <= bottom && outer.right >= right && outer.top >= top;

/** Follows the instructions of one stream as far as colours and rough places go. Calls back for each text and each area. */
class Skimmer {
  private state: State = { fill: BLACK, matrix: IDENTITY };
  private readonly saved: State[] = [];
  private line: Matrix = IDENTITY;
  private size = 0;
  private leading = 0;
  private path: number[] = [];
  private exact = true;
  private shown = 0;

  constructor(
    private readonly onText: (fill: Rgb | null, box: Box) => void,
    private readonly onArea: (fill: Rgb | null, box: Box, exact: boolean) => void,
    private readonly onDoubt: () => void,
  ) {}

  skim(instructions: string): void {
    for (const [token, open, numbers = '', operator = ''] of instructions.matchAll(TOKEN)) {
      if (open !== undefined) this.onDoubt();
      else if (operator === '') this.shown += token.startsWith('<') ? (token.length - 2) / 4 : token.startsWith('(') ? token.length - 2 : 0;
      else this.take(operator, numbers === '' ? [] : numbers.trim().split(/\s+/).map(Number));
    }
    // The instructions of a page may go on in another part.
    if (this.paintsLight() || this.saved.length > 0) this.onDoubt();
  }

  private paintsLight(): boolean {
    return this.state.fill === null || blends(this.state.fill, WHITE);
  }

  private take(operator: string, values: readonly number[]): void {
    const [a = 0, b = 0, c = 0, d = 0] = values;
    if (operator === 'q') this.saved.push(this.state);
    else if (operator === 'Q') this.state = this.saved.pop() ?? this.state;
    else if (operator === 'cm') this.state = { ...this.state, matrix: multiply(this.state.matrix, values as unknown as Matrix) };
    else if (operator === 're') this.path.push(a, b, a + c, b + d);
    else if (/^[mlcvy]$/.test(operator)) [this.exact] = [false, this.path.push(...values)];
    else if (FILLS.test(operator) || /^[nSs]$/.test(operator)) this.endPath(FILLS.test(operator));
    else if (operator === 'BI' || operator === 'sh' || ((operator === 'Tr' || operator === 'Tz') && a !== 0 && a !== 100) || (operator === 'Tc' && a > 1) || operator === 'Do') this.onDoubt();
    else if (SHOWS.test(operator)) this.show(operator);
    else if (/^(?:T[mdDf*]|BT)$/.test(operator)) this.move(operator, values);
    else if (/^(?:rg|g|k|scn?)$/.test(operator)) this.state = { ...this.state, fill: colourOf(operator, values) };
  }

  private move(operator: string, values: readonly number[]): void {
    const [x = 0, y = 0] = values;
    if (operator === 'Tf') this.size = x;
    else if (operator === 'BT') this.line = IDENTITY;
    else if (operator === 'Tm') this.line = values as unknown as Matrix;
    else this.line = multiply(this.line, [1, 0, 0, 1, x, operator === 'T*' ? -this.leading : y]);
    if (operator === 'TD') this.leading = -y;
    this.shown = 0;
  }

  /** Hexadecimal strings are taken to have two bytes a letter, as they mostly do. Letters that follow on a line are counted in. */
  private show(operator: string): void {
    if (operator !== 'Tj' && operator !== 'TJ') this.move('T*', []);
    this.onText(this.state.fill, boxOf(multiply(this.state.matrix, this.line), [0, -0.25 * this.size, this.shown * WIDTH * this.size, this.size]));
  }

  private endPath(fills: boolean): void {
    const { path, exact } = this;
    [this.path, this.exact] = [[], true];
    if (!fills || path.length < 4) return;
    const [xs, ys] = [path.filter((_, index) => index % 2 === 0), path.filter((_, index) => index % 2 === 1)];
    const least = (values: readonly number[]): number => values.reduce((best, value) => Math.min(best, value), Infinity);
    const most = (values: readonly number[]): number => values.reduce((best, value) => Math.max(best, value), -Infinity);
    this.onArea(this.state.fill, boxOf(this.state.matrix, [least(xs), least(ys), most(xs), most(ys)]), exact && path.length === 4 && keepsAxes(this.state.matrix));
  }
}

/**
 * Tells at a glance, from colours and rough places, that the text of a PDF cannot be hidden, so that most files need no
 * closer look, which takes half as long as all the rest. Where it is not sure, it says that a look is needed.
 */
export class PdfScreen {
  private unsure = false;
  private comparisons = 0;
  private bytes = 0;

  /** Anything that makes things transparent, in the file itself or in a packed part of it. */
  parts(bytes: Buffer): void {
    for (let at = bytes.indexOf('/ca'); at >= 0 && !this.unsure; at = bytes.indexOf('/ca', at + 3)) {
      const alpha = /^\/ca[\s\0]+([\d.]+)/.exec(bytes.toString('latin1', at, at + 24))?.[1];
      this.unsure = alpha !== undefined && Number(alpha) < 0.3;
    }
    this.unsure ||= bytes.includes('/Encrypt');
  }

  /** The instructions of a page or of a part of one. Throws DocumentError where the file has too many. */
  content(instructions: Buffer): void {
    this.bytes += instructions.length;
    if (this.bytes > MOST) throw tooComplex('it draws an unusual amount');
    if (this.unsure) return;
    this.unsure = instructions.length > LONGEST;
    const texts: Box[] = [];
    const areas: Area[] = [];
    const doubt = (): void => {
      this.unsure = true;
    };
    new Skimmer((fill, box) => {
      texts.push(box);
      if (!this.unsure && (!fill || this.blends(fill, box, areas))) doubt();
    }, (fill, box, exact) => {
      const [width, height] = [box.right - box.left, box.top - box.bottom];
      if (this.unsure || Math.min(width, height) < THIN || Math.max(width, height) < SMALL) return;
      // What is painted after text may cover it.
      if (!fill || this.isCrowded(texts.length) || texts.some((text) => touch(text, box))) doubt();
      else areas.push({ fill, box, exact });
    }, doubt).skim(instructions.toString('latin1', 0, LONGEST));
  }

  get needsLook(): boolean {
    return this.unsure;
  }

  /** Whether the text may have the colour of something behind it. */
  private blends(fill: Rgb, text: Box, areas: readonly Area[]): boolean {
    if (this.isCrowded(areas.length)) return true;
    let behind: Rgb[] = [WHITE];
    for (const area of areas) {
      if (area.exact && holds(area.box, text)) behind = [area.fill];
      else if (touch(area.box, text)) behind.push(area.fill);
    }
    return behind.some((colour) => blends(fill, colour));
  }

  private isCrowded(comparisons: number): boolean {
    this.comparisons += comparisons;
    return this.comparisons > MAX_COMPARISONS;
  }
}
