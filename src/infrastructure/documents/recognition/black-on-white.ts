import type { GreyPicture } from './grey-picture.js';

const WHITE = 255;
/** Tiles of a fifth of an inch: large letters do not fill the nine around a place, and few columns are narrower. */
const TILES_AN_INCH = 5;
/** Shades are told apart in steps of 8. */
const SHADES = 32;
/** Differences up to the first are noise of the scanner; text differs from its paper by the second at least; what differs by the third is ink. */
const [NOISE, LEAST_CONTRAST, MOST_CONTRAST] = [10, 40, 110];
/** Share of a tile that only paper covers. */
const ALL_PAPER = 0.6;
/** Share of a tile that letters of one shade never cover. */
const OTHER_PAPER = 0.15;

/** How often each shade occurs in a tile. */
type Shades = Uint32Array;

interface Tiles {
  readonly side: number;
  readonly across: number;
  readonly down: number;
  readonly shades: readonly Shades[];
}

/** Where a tile lies across the edge of a coloured area, it has the shades of both papers. */
interface Look {
  readonly paper: number;
  readonly otherPaper: number;
  /** By how much ink differs from the paper at most. */
  readonly contrast: number;
}

const total = (shades: Shades): number => shades.reduce((sum, count) => sum + count, 0);
const mostFrequent = (shades: Shades): number => shades.reduce((best, count, shade) => (count > shades[best]! ? shade : best), 0);
const valueOf = (shade: number): number => shade * 8 + 4;

function sumOf(all: readonly Shades[]): Shades {
  const sum = new Uint32Array(SHADES);
  for (const shades of all) shades.forEach((count, shade) => (sum[shade]! += count));
  return sum;
}

function tilesOf({ width, height, points }: GreyPicture, side: number): Tiles {
  const [across, down] = [Math.ceil(width / side), Math.ceil(height / side)];
  const shades = Array.from({ length: across * down }, () => new Uint32Array(SHADES));
  for (let y = 0; y < height; y += 1) {
    const row = Math.floor(y / side) * across;
    for (let x = 0; x < width; x += 1) shades[row + Math.floor(x / side)]![points[y * width + x]! >> 3]! += 1;
  }
  return { side, across, down, shades };
}

/** What there is for the tile and for those around it. */
function around<T>({ across, down }: Tiles, values: readonly T[], index: number): T[] {
  const [column, row] = [index % across, Math.floor(index / across)];
  const near = [-1, 0, 1];
  return near.flatMap((dy) => near.flatMap((dx) => {
    const [x, y] = [column + dx, row + dy];
    return x >= 0 && y >= 0 && x < across && y < down ? [values[y * across + x]!] : [];
  }));
}

/** The shade of the paper. A tile of one shade is all paper, also at the edge of a coloured column that its neighbours do not belong to. */
function paperOf(own: Shades, neighbours: readonly Shades[]): number {
  return own[mostFrequent(own)]! > ALL_PAPER * total(own) ? mostFrequent(own) : mostFrequent(sumOf(neighbours));
}

function lookOf(paper: number, own: Shades, neighbours: readonly Shades[], papersAround: readonly number[]): Look {
  const share = (shade: number): number => (own[shade - 1] ?? 0) + own[shade]! + (own[shade + 1] ?? 0);
  const other = papersAround.find((shade) => Math.abs(shade - paper) > 2 && share(shade) > OTHER_PAPER * total(own)) ?? paper;
  const sum = sumOf(neighbours);
  const enough = total(sum) / 1_000;
  const furthest = sum.reduce((best, count, shade) => (count > enough ? Math.max(best, Math.abs(shade - paper)) : best), 0);
  return { paper: valueOf(paper), otherPaper: valueOf(other), contrast: Math.min(MOST_CONTRAST, Math.max(LEAST_CONTRAST, furthest * 8)) };
}

/**
 * The picture as dark letters on white paper, whatever their colours are: light letters in a dark column, yellow headings, grey print.
 * The recogniser itself has one threshold for the whole page. `dots` is the number of points an inch.
 */
export function blackOnWhite(picture: GreyPicture, dots: number): GreyPicture {
  const { width, height, points } = picture;
  const tiles = tilesOf(picture, Math.max(8, Math.round(dots / TILES_AN_INCH)));
  const { shades } = tiles;
  const papers = shades.map((own, index) => paperOf(own, around(tiles, shades, index)));
  const looks = shades.map((own, index) => lookOf(papers[index]!, own, around(tiles, shades, index), around(tiles, papers, index)));
  const even = new Uint8Array(points.length);
  for (let y = 0; y < height; y += 1) {
    const row = Math.floor(y / tiles.side) * tiles.across;
    for (let x = 0; x < width; x += 1) {
      const { paper, otherPaper, contrast } = looks[row + Math.floor(x / tiles.side)]!;
      const point = points[y * width + x]!;
      const difference = Math.min(Math.abs(point - paper), Math.abs(point - otherPaper));
      even[y * width + x] = WHITE * (1 - Math.min(1, Math.max(0, difference - NOISE) / (contrast - NOISE)));
    }
  }
  return { width, height, points: even };
}
