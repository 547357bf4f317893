/** An affine transformation as PDF writes it: a b c d e f. */
export type Matrix = readonly [number, number, number, number, number, number];

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A rectangle along the axes of the page, in points. */
export interface Box {
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
  readonly top: number;
}

/** Points of a page to an inch. */
export const POINTS_AN_INCH = 72;
export const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0];
export const EVERYWHERE: Box = { left: -Infinity, bottom: -Infinity, right: Infinity, top: Infinity };

/** Applies the inner transformation first. */
export function multiply(outer: Matrix, inner: Matrix): Matrix {
  const [a, b, c, d, e, f] = outer;
  const [g, h, i, j, k, l] = inner;
  return [a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * l + e, b * k + d * l + f];
}

export const transform = ([a, b, c, d, e, f]: Matrix, x: number, y: number): Point => ({ x: a * x + c * y + e, y: b * x + d * y + f });

/** The box around a transformed rectangle. */
export function boxOf(matrix: Matrix, [x0, y0, x1, y1]: ArrayLike<number> & Iterable<number>): Box {
  const corners = [transform(matrix, x0!, y0!), transform(matrix, x1!, y0!), transform(matrix, x0!, y1!), transform(matrix, x1!, y1!)];
  const [xs, ys] = [corners.map(({ x }) => x), corners.map(({ y }) => y)];
  return { left: Math.min(...xs), bottom: Math.min(...ys), right: Math.max(...xs), top: Math.max(...ys) };
}

export const intersect = (one: Box, other: Box): Box => ({
  left: Math.max(one.left, other.left), bottom: Math.max(one.bottom, other.bottom), right: Math.min(one.right, other.right), top: Math.min(one.top, other.top),
});

export const contains = (box: Box, { x, y }: Point): boolean => x >= box.left && x <= box.right && y >= box.bottom && y <= box.top;

/** Whether rectangles stay rectangles along the axes. */
export const keepsAxes = ([a, b, c, d]: Matrix): boolean => (Math.abs(b) < 1e-6 && Math.abs(c) < 1e-6) || (Math.abs(a) < 1e-6 && Math.abs(d) < 1e-6);
