import { boxOf, multiply, POINTS_AN_INCH, type Matrix } from '../page-geometry.js';
import { MOST_POINTS, type GreyPicture } from './grey-picture.js';
import type { PlacedPicture, RawPicture } from './pdf-pictures.js';

/** Dots per inch: below the first, letters are too small to be told apart; above the second, more dots only take longer. */
const [COARSEST, FINEST] = [100, 300];
const WHITE = 255;

/** Tells the grey of a point of the picture, 0 to 255; -1 where a stencil leaves what is below. */
function reader({ width, height, data, isMask }: RawPicture): ((x: number, y: number) => number) | null {
  const row = Math.ceil(width / 8);
  const channels = data.length / (width * height);
  // Rows of bits come in whole bytes, so that a narrow picture of bits may have as many bytes as points.
  if (data.length === row * height && channels < 1) {
    const [zero, one] = isMask ? [0, -1] : [0, WHITE];
    return (x, y) => ((data[y * row + (x >> 3)]! >> (7 - (x & 7))) & 1 ? one : zero);
  }
  if (channels === 1) return (x, y) => data[y * width + x]!;
  if (channels !== 3 && channels !== 4) return null;
  return (x, y) => {
    const at = (y * width + x) * channels;
    const grey = 0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!;
    return channels === 4 ? WHITE - ((WHITE - grey) * data[at + 3]!) / WHITE : grey;
  };
}

const inverse = ([a, b, c, d, e, f]: Matrix): Matrix | null => {
  const area = a * d - b * c;
  return Math.abs(area) < 1e-9 ? null : [d / area, -b / area, -c / area, a / area, (c * f - d * e) / area, (b * e - a * f) / area];
};

/** Paints the picture where it belongs; where it has several dots for one of the page, their mean. */
function paint(page: GreyPicture, picture: RawPicture, matrix: Matrix): void {
  const [greyAt, back] = [reader(picture), inverse(matrix)];
  if (!greyAt || !back) return;
  const [a, b, c, d, e, f] = back;
  const { width, height } = picture;
  const box = boxOf(matrix, [0, 0, 1, 1]);
  const [left, right] = [Math.max(0, Math.floor(box.left)), Math.min(page.width, Math.ceil(box.right))];
  const [top, bottom] = [Math.max(0, Math.floor(box.bottom)), Math.min(page.height, Math.ceil(box.top))];
  const samples = Math.min(4, Math.max(1, Math.round(Math.max(Math.hypot(a, c) * width, Math.hypot(b, d) * height))));
  for (let y = top; y < bottom; y += 1) {
    for (let x = left; x < right; x += 1) {
      let [sum, count] = [0, 0];
      for (let part = 0; part < samples * samples; part += 1) {
        const [px, py] = [x + ((part % samples) + 0.5) / samples, y + (Math.floor(part / samples) + 0.5) / samples];
        const [column, row] = [Math.floor((a * px + c * py + e) * width), Math.floor((1 - (b * px + d * py + f)) * height)];
        if (column < 0 || row < 0 || column >= width || row >= height) continue;
        const grey = greyAt(column, row);
        if (grey < 0) continue;
        sum += grey;
        count += 1;
      }
      // What a stencil leaves out shows the page below it.
      const at = y * page.width + x;
      if (count > 0) page.points[at] = (sum + (samples * samples - count) * page.points[at]!) / (samples * samples);
    }
  }
}

/** Dots per inch of the finest picture. */
function finest(pictures: readonly PlacedPicture[]): number {
  const inches = (x: number, y: number): number => Math.max(0.01, Math.hypot(x, y) / POINTS_AN_INCH);
  return Math.max(COARSEST, ...pictures.map(({ picture, matrix: [a, b, c, d] }) => Math.max(picture.width / inches(a, b), picture.height / inches(c, d))));
}

export interface PagePicture extends GreyPicture {
  /** Points of the page, 72 an inch, for each dot of the picture. */
  readonly scale: number;
}

/** What the pictures of a page show together, upright. `view` leads from the page at 72 dots an inch to what is seen, `size` is that of what is seen. */
export function pagePicture(pictures: readonly PlacedPicture[], view: Matrix, size: { readonly width: number; readonly height: number }): PagePicture {
  const most = Math.sqrt(MOST_POINTS / (size.width * size.height)) * POINTS_AN_INCH;
  const dots = Math.min(FINEST, most, finest(pictures)) / POINTS_AN_INCH;
  const [width, height] = [Math.max(1, Math.floor(size.width * dots)), Math.max(1, Math.floor(size.height * dots))];
  const page = { width, height, points: new Uint8Array(width * height).fill(WHITE) };
  const zoom: Matrix = [dots, 0, 0, dots, 0, 0];
  for (const { picture, matrix } of pictures) paint(page, picture, multiply(multiply(zoom, view), matrix));
  return { ...page, scale: 1 / dots };
}
