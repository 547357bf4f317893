/** Red, green and blue from 0 to 255. */
export type Rgb = readonly [number, number, number];

export const BLACK: Rgb = [0, 0, 0];
export const WHITE: Rgb = [255, 255, 255];

/** The largest difference of a colour from what is behind it, of 255, that nobody sees: very light grey on white. */
const UNSEEN = 24;
/** Letters smaller than this cannot be read; in points. */
export const SMALLEST_SIZE = 2;

/** Reads six hexadecimal digits, with or without a hash in front; null for anything else. */
export function parseColour(text: unknown): Rgb | null {
  const digits = typeof text === 'string' ? /^#?([0-9a-f]{6})$/i.exec(text)?.[1] : undefined;
  if (digits === undefined) return null;
  const value = parseInt(digits, 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** Whether letters of the colour cannot be told from what is behind them. */
export const blends = (colour: Rgb, behind: Rgb, alpha = 1): boolean => colour.every((value, index) => Math.abs(value - behind[index]!) * alpha <= UNSEEN);
