/** A picture in shades of grey: a byte a point, row by row from the top, 0 is black. */
export interface GreyPicture {
  readonly width: number;
  readonly height: number;
  readonly points: Uint8Array;
}

/** Most points of a picture that is looked at: a page of A4 at 600 dots per inch has 35 million. */
export const MOST_POINTS = 40_000_000;

/** The picture as a file in the portable graymap format (P5), which needs no packing. */
export function graymap({ width, height, points }: GreyPicture): Uint8Array {
  return Buffer.concat([Buffer.from(`P5 ${width} ${height} 255\n`, 'latin1'), points]);
}
