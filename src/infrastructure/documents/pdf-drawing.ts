import type { OPS as Operators } from 'unpdf/pdfjs';
import { BLACK, parseColour, type Rgb } from './colours.js';
import { boxOf, EVERYWHERE, IDENTITY, intersect, keepsAxes, multiply, transform, type Box, type Matrix, type Point } from './page-geometry.js';

/** Null for a pattern, a shading or a picture. */
export type Colour = Rgb | null;

/** An area that a page fills. */
export interface Paint {
  readonly box: Box;
  /** False where the area only lies somewhere in the box. */
  readonly exact: boolean;
  readonly colour: Colour;
  readonly alpha: number;
  readonly isPicture: boolean;
}

export interface Glyph extends Point {
  readonly text: string;
}

/** Letters that are drawn at once, and how. */
export interface Run {
  readonly glyphs: readonly Glyph[];
  readonly end: Point;
  /** From the baseline to the middle of small letters. */
  readonly rise: Point;
  readonly inks: readonly { readonly colour: Colour; readonly alpha: number }[];
  /** Rendering mode 3, which draws nothing. */
  readonly invisible: boolean;
  readonly clip: Box;
  /** How many paints came before. */
  readonly order: number;
}

export interface OperatorList {
  readonly fnArray: readonly number[];
  readonly argsArray: readonly unknown[];
}

/** What a glyph of the reader tells; numbers between glyphs are kerning. */
interface ShownGlyph {
  readonly unicode: string;
  readonly width: number;
  readonly isSpace: boolean;
}

interface State {
  matrix: Matrix;
  fill: Colour;
  stroke: Colour;
  fillAlpha: number;
  strokeAlpha: number;
  groupAlpha: number;
  /** Draws into or through a mask: what it looks like is not known. */
  masked: boolean;
  clip: Box;
  clipIsExact: boolean;
  mode: number;
  size: number;
  unit: number;
  spacing: number;
  wordSpacing: number;
  stretch: number;
  leading: number;
  lift: number;
}

const START: State = {
  matrix: IDENTITY, fill: BLACK, stroke: BLACK, fillAlpha: 1, strokeAlpha: 1, groupAlpha: 1, masked: false, clip: EVERYWHERE, clipIsExact: true,
  mode: 0, size: 0, unit: 0.001, spacing: 0, wordSpacing: 0, stretch: 1, leading: 0, lift: 0,
};
const MAX_DEPTH = 200;
/** Areas smaller than this in either direction hide no text; in points. */
const SMALLEST_AREA = 2;
/** More areas than this are a drawing; those that follow are not looked at. */
const MAX_PAINTS = 5_000;

/** Whether a path has no points but the corners of its box. */
function isRectangle(path: ArrayLike<number>, [x0, y0, x1, y1]: ArrayLike<number> & Iterable<number>): boolean {
  if (path.length < 12 || path.length > 16) return false;
  for (let at = 0; at < path.length; at += 3) {
    const kind = path[at]!;
    if (kind === 4) return at + 1 === path.length;
    const [x, y] = [path[at + 1], path[at + 2]];
    if (kind > 1 || (x !== x0 && x !== x1) || (y !== y0 && y !== y1)) return false;
  }
  return true;
}

/** Follows the drawing instructions of a page and notes its areas and its text, in the order in which they are drawn. */
export class PdfDrawing {
  readonly paints: Paint[] = [];
  readonly runs: Run[] = [];
  private state: State = { ...START };
  private readonly saved: State[] = [];
  private text: Matrix = IDENTITY;
  private line: Matrix = IDENTITY;
  private clips = false;

  /** `unitOf` tells the width of a thousandth of a font's letters in its own units. */
  constructor(
    private readonly operators: typeof Operators,
    private readonly unitOf: (font: string) => number,
  ) {}

  follow({ fnArray, argsArray }: OperatorList): void {
    const { transform: move, restore } = this.operators;
    fnArray.forEach((operator, index) => {
      // The reader leaves pictures out; what is left of one is the place that was made for it.
      if (operator === restore && fnArray[index - 1] === move) this.picture();
      const values = (argsArray[index] ?? []) as readonly never[];
      if (!this.structure(operator, values) && !this.look(operator, values)) this.letters(operator, values);
    });
  }

  private structure(operator: number, values: readonly never[]): boolean {
    const { operators: on, state } = this;
    switch (operator) {
      case on.save:
        return this.save();
      case on.restore:
      case on.endGroup:
      case on.paintFormXObjectEnd:
        this.state = this.saved.pop() ?? this.state;
        return true;
      case on.transform:
        state.matrix = multiply(state.matrix, values as unknown as Matrix);
        return true;
      case on.paintFormXObjectBegin:
        this.form(values[0] ?? null, values[1] ?? null);
        return true;
      case on.beginGroup:
        this.save();
        Object.assign(this.state, { groupAlpha: state.groupAlpha * state.fillAlpha, fillAlpha: 1, strokeAlpha: 1, masked: state.masked || Boolean((values[0] as unknown as { smask?: unknown }).smask) });
        return true;
      case on.clip:
      case on.eoClip:
        this.clips = true;
        return true;
      case on.constructPath:
        this.path(values[0]!, values[1]![0] ?? null, values[2] ?? null);
        return true;
      case on.shadingFill:
        this.paint(state.clip, false, null);
        return true;
      default:
        return this.isPicture(operator) && this.picture();
    }
  }

  private look(operator: number, values: readonly never[]): boolean {
    const { operators: on, state } = this;
    switch (operator) {
      case on.setFillRGBColor:
      case on.setFillColorN:
        state.fill = parseColour(values[0]);
        return true;
      case on.setStrokeRGBColor:
      case on.setStrokeColorN:
        state.stroke = parseColour(values[0]);
        return true;
      case on.setGState:
        for (const [name, value] of values[0] as unknown as readonly (readonly [string, unknown])[]) {
          if (name === 'ca') state.fillAlpha = Number(value);
          if (name === 'CA') state.strokeAlpha = Number(value);
          if (name === 'SMask') state.masked = value !== false;
        }
        return true;
      case on.setTextRenderingMode:
        state.mode = values[0]!;
        return true;
      default:
        return false;
    }
  }

  private letters(operator: number, values: readonly never[]): void {
    const { operators: on, state } = this;
    if (operator === on.beginText) this.moveTo(IDENTITY);
    else if (operator === on.setTextMatrix) this.moveTo([...((values[0] as unknown as Iterable<number>) ?? IDENTITY)] as unknown as Matrix);
    else if (operator === on.moveText) this.moveBy(values[0]!, values[1]!);
    else if (operator === on.setLeadingMoveText) {
      state.leading = -values[1]!;
      this.moveBy(values[0]!, values[1]!);
    } else if (operator === on.nextLine) this.moveBy(0, -state.leading);
    else if (operator === on.setFont) Object.assign(state, { unit: this.unitOf(values[0]!), size: values[1] });
    else if (operator === on.setCharSpacing) state.spacing = values[0]!;
    else if (operator === on.setWordSpacing) state.wordSpacing = values[0]!;
    else if (operator === on.setHScale) state.stretch = values[0]! / 100;
    else if (operator === on.setLeading) state.leading = values[0]!;
    else if (operator === on.setTextRise) state.lift = values[0]!;
    else if (operator === on.showText) this.show(values[0]!);
  }

  private save(): true {
    if (this.saved.length < MAX_DEPTH) this.saved.push(this.state);
    this.state = { ...this.state };
    return true;
  }

  private form(matrix: ArrayLike<number> | null, bounds: (ArrayLike<number> & Iterable<number>) | null): void {
    this.save();
    const { state } = this;
    if (matrix) state.matrix = multiply(state.matrix, Array.from(matrix) as unknown as Matrix);
    if (bounds) this.narrow(boxOf(state.matrix, bounds), keepsAxes(state.matrix));
  }

  private narrow(box: Box, exact: boolean): void {
    this.state.clip = intersect(this.state.clip, box);
    this.state.clipIsExact &&= exact;
  }

  private path(ending: number, path: ArrayLike<number> | null, bounds: (ArrayLike<number> & Iterable<number>) | null): void {
    const { operators: on, state, clips } = this;
    this.clips = false;
    if (!path || !bounds) return;
    const box = boxOf(state.matrix, bounds);
    const exact = keepsAxes(state.matrix) && isRectangle(path, bounds);
    const fills = [on.fill, on.eoFill, on.fillStroke, on.eoFillStroke, on.closeFillStroke, on.closeEOFillStroke] as readonly number[];
    if (fills.includes(ending)) this.paint(box, exact, state.fill);
    if (clips) this.narrow(box, exact);
  }

  private paint(area: Box, exact: boolean, colour: Colour, isPicture = false): void {
    const { state } = this;
    const box = intersect(area, state.clip);
    if (box.right - box.left < SMALLEST_AREA || box.top - box.bottom < SMALLEST_AREA || this.paints.length >= MAX_PAINTS) return;
    this.paints.push({ box, exact: exact && state.clipIsExact, colour: state.masked ? null : colour, alpha: state.fillAlpha * state.groupAlpha, isPicture });
  }

  private isPicture(operator: number): boolean {
    const { operators: on } = this;
    return ([on.paintImageXObject, on.paintImageMaskXObject, on.paintInlineImageXObject, on.paintSolidColorImageMask] as readonly number[]).includes(operator);
  }

  private picture(): true {
    this.paint(boxOf(this.state.matrix, [0, 0, 1, 1]), false, null, true);
    return true;
  }

  private moveTo(matrix: Matrix): void {
    this.text = matrix;
    this.line = matrix;
  }

  private moveBy(x: number, y: number): void {
    this.moveTo(multiply(this.line, [1, 0, 0, 1, x, y]));
  }

  private show(shown: readonly (ShownGlyph | number | null)[]): void {
    const { state } = this;
    const matrix = multiply(state.matrix, this.text);
    const glyphs: Glyph[] = [];
    let along = 0;
    for (const glyph of shown) {
      if (typeof glyph === 'number') {
        along -= (glyph / 1_000) * state.size * state.stretch;
      } else if (glyph) {
        glyphs.push({ ...transform(matrix, along, state.lift), text: glyph.unicode });
        along += (glyph.width * state.unit * state.size + state.spacing + (glyph.isSpace ? state.wordSpacing : 0)) * state.stretch;
      }
    }
    this.text = multiply(this.text, [1, 0, 0, 1, along, 0]);
    const [base, middle] = [transform(matrix, 0, 0), transform(matrix, 0, state.size * 0.25)];
    this.runs.push({
      glyphs, end: transform(matrix, along, state.lift), rise: { x: middle.x - base.x, y: middle.y - base.y }, inks: this.inks(),
      invisible: state.mode === 3, clip: state.clip, order: this.paints.length,
    });
  }

  /** What the letters are drawn with: filled, outlined or both, by the rendering mode. */
  private inks(): Run['inks'] {
    const { mode, fill, stroke, fillAlpha, strokeAlpha, groupAlpha, masked } = this.state;
    if (mode > 2 || masked) return [{ colour: null, alpha: 1 }];
    const [filled, outlined] = [{ colour: fill, alpha: fillAlpha * groupAlpha }, { colour: stroke, alpha: strokeAlpha * groupAlpha }];
    return mode === 0 ? [filled] : mode === 1 ? [outlined] : [filled, outlined];
  }
}
